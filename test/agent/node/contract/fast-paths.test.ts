/**
 * V8 takes short cuts as long as nobody has changed what they leave out, for the whole realm: how
 * an array is iterated, what `Array` and `Promise` make. Once lost they do not come back, and all
 * code of the program is slower, that of packages too.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

const PROGRAM = `
  const names = ['ArrayIterator', 'MapIterator', 'SetIterator', 'StringIterator',
    'ArraySpecies', 'PromiseSpecies', 'TypedArraySpecies', 'RegExpSpecies'];
  async function use(values) {
    const taken = new Set();
    for (const value of values) taken.add(await value);
    for await (const value of values) taken.add(value);
    return Math.max(...taken, await values[0]);
  }
  const main = async () => {
    await use([1, Promise.resolve(2)]);
    await Promise.all([1, 2].map(async (value) => value));
    console.log(names.filter((name) => !eval('%' + name + 'Protector()')).join(' ') || 'all there');
  };
  main();
`;

for (const { name, path: node } of NODES) {
  describe(`on ${name}, the short cuts of V8`, () => {
    for (const depth of ['light', 'full'] as const) {
      it(`are there in a traced program, ${depth} depth`, async () => {
        const env = { SIMUL_DEPTH: depth };
        const { stdout, stderr } = await traceProgram(PROGRAM, {
          node,
          env,
          args: ['--allow-natives-syntax'],
        });
        assert.equal(stderr, '');
        assert.equal(stdout, 'all there\n');
      });
    }
  });
}
