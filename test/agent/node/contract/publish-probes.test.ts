/** The probes in the scope of a realm: seen by every text of it, and by nobody else. */
import { equal } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { nodes } from '../run-program.ts';

const program = fileURLToPath(new URL('./realm-program.js', import.meta.url));
const EXPECTED = `published before false
published true
more globals 0
traps []
keys []
completion "[object Promise]"
calls ["file","enter","100+0","suspend","made"]
again, in this realm "[object Promise]"
calls ["enter","100+0","suspend","made"]
files ["/s.js"]
text "async function f() { return await a; }"
native "function toString() { [native code] }"
own realm true
another script 2
nothing "undefined"
directive true
function 5
`;

describe('the probes of a realm', () => {
  for (const [major, node] of nodes) {
    it(`are constants that every text of it sees, and no property, Node ${major}`, function () {
      this.timeout(20_000);
      equal(execFileSync(node, [program], { encoding: 'utf8' }), EXPECTED);
    });
  }
});
