/** A held thread is looked at in the middle of Node's own code, which must not notice it. */
import { deepEqual, ok } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

/**
 * Calls that keep state of their own between two of their lines, in holds of which each is looked
 * at several times. It prints how often one gave what it never gives.
 */
const PROGRAM = `
  import fs from 'node:fs';
  const wrong = { hrtime: 0, stat: 0, base64: 0, text: 0, concat: 0, url: 0 };
  const start = process.hrtime();
  const [one, two] = [Buffer.from('one '), Buffer.from('two')];
  function round() {
    for (let i = 0; i < 100; i++) {
      const [seconds] = process.hrtime(start);
      if (seconds < 0 || seconds > 600) wrong.hrtime++;
    }
    for (let i = 0; i < 100; i++) {
      const { hostname, hash } = new URL('https://example.com:8080/a/b?x=1#h');
      if (hostname !== 'example.com' || hash !== '#h') wrong.url++;
    }
    for (let i = 0; i < 20; i++) if (!fs.statSync('.').isDirectory()) wrong.stat++;
    for (let i = 0; i < 100; i++) {
      const bytes = Buffer.from('AGFzbQEAAAABKwhgAX8Bf2AEf39/fwBgAAF', 'base64');
      const text = Buffer.from('hello there');
      const both = Buffer.concat([one, two]);
      if (bytes[0] !== 0 || bytes[1] !== 97) wrong.base64++;
      if (text.toString() !== 'hello there') wrong.text++;
      if (both.toString() !== 'one two') wrong.concat++;
    }
  }
  for (let hold = 0; hold < 20; hold++) {
    const until = performance.now() + 120;
    while (performance.now() < until) round();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  console.log(JSON.stringify(wrong));`;
const NOTHING = { hrtime: 0, stat: 0, base64: 0, text: 0, concat: 0, url: 0 };
const MIN_LOOKS = 10;

for (const node of NODES) {
  describe(`code of Node’s that is looked at in between, on ${node.name}`, () => {
    it('gives what it gives untraced', async () => {
      const { recordings, stdout } = await traceProgram(PROGRAM, { node: node.path });
      deepEqual(JSON.parse(stdout), NOTHING);
      const looks = recordings.join().match(/ held .*how=sampled/g)?.length ?? 0;
      ok(looks >= MIN_LOOKS, `${looks} looks`);
    });
  });
}
