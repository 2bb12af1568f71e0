import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const waiting = (awaited: string): string => `
  0 0 activationBegin id=1 site="/a/main.mjs:1:1 function <module>" name="<module>" kind=module
  1 0 wait id=1 site="/a/main.mjs:4:9 await! <module> | ${awaited}" reason=future
  8 0 fact id=1 text="b.mjs → c.mjs" called="/a/c.mjs:2:1 line <module>" what=module-cycle`;
const end = '\n9 0 processEnd exitCode=13 how=exit';

describe('modules that wait for each other', () => {
  it('are told with both lines, and not as a wait of unknown cause', () => {
    assert.deepEqual(findingsOf(waiting("import('./b.mjs')") + end), [
      "error module-cycle: module main.mjs waits at main.mjs:4 for `import('./b.mjs')`, and by way of b.mjs c.mjs " +
        'imports module main.mjs and waits for it (c.mjs:2): neither goes on. ' +
        'Move what c.mjs needs into a module that both import, or import it without a top-level await.',
    ]);
  });

  it('are none where the module waits for something else, or went on', () => {
    assert.match(findingsOf(waiting('ready') + end)[0] ?? '', /^warning never-settled/);
    const wentOn = '\n8 0 run id=1\n8 0 activationEnd id=1';
    assert.deepEqual(findingsOf(waiting("import('./b.mjs')") + wentOn + end), []);
  });
});
