/**
 * A sample of `npm run compatibility`, with what the checkout has: the packed library in a project
 * of its own, in both kinds of modules, and in a bundle.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tree } from '../machine/tree.ts';
import { runWay } from './matrix.ts';
import { RESULT, type Answers } from './program.ts';
import { verdicts } from './project.ts';
import { bundlerWays } from './ways-bundlers.ts';
import { loaderWays } from './ways-loaders.ts';

const SAMPLE = ['Node, ESM', 'Node, CommonJS', 'esbuild, ESM, minified', 'esbuild, CommonJS'];

describe('the packed library', () => {
  const ways = [...loaderWays, ...bundlerWays];
  // Its own Node counts as the oldest.
  const nodes = new Map([[20, process.execPath]] as const);
  for (const name of SAMPLE) {
    it(`finds and runs functions by ${name}`, async function () {
      this.timeout(60_000);
      const row = await runWay(
        ways.find((way) => way.name === name)!,
        join(tree, 'node_modules'),
        nodes,
      );
      assert.deepEqual(row.faults, []);
      assert.deepEqual(row.words, {
        inline: 'yes',
        exported: 'yes',
        imported: name.startsWith('esbuild') ? 'says' : 'yes',
        door: 'yes',
      });
    });
  }
});

describe('a row of the matrix', () => {
  const right = [RESULT, RESULT];
  const answers: Answers = { inline: right, exported: right, imported: right, door: right };

  it('takes nothing for an answer but the result, in threads and in processes', () => {
    const imported = [RESULT, 'undefined'];
    assert.deepEqual(verdicts({ ...answers, imported, door: [] }), {
      inline: 'yes',
      exported: 'yes',
      imported: 'undefined',
      door: 'no answer',
    });
  });

  it('takes an error for a refusal only when it names the way that is open, each time', () => {
    const refused = 'captures "k"; give "k" as an argument, or the function through workerModule() with …';
    assert.equal(verdicts({ ...answers, imported: [refused, refused] })['imported'], 'says');
    assert.equal(verdicts({ ...answers, imported: [refused, 'k is not defined'] })['imported'], refused);
  });

  it('names what differs from what has to be, on which Node', async function () {
    this.timeout(30_000);
    const row = await runWay(
      {
        name: 'made up',
        files: { 'package.json': '{}' },
        run: () => Promise.resolve({ ...answers, exported: ['it broke', 'it broke'] }),
      },
      null,
      new Map([
        [20, process.execPath],
        [24, process.execPath],
      ] as const),
    );
    assert.deepEqual(row.faults, [
      'made up, Node 20, exported: it broke',
      'made up, Node 24, exported: it broke',
    ]);
    assert.equal(row.words.exported, 'NO');
  });

  it('has not run where the program cannot be built', async () => {
    const build = (): Promise<void> => Promise.reject(new RangeError('no such bundler'));
    const row = await runWay(
      { name: 'made up', files: {}, build, run: () => Promise.resolve(answers) },
      null,
      new Map([[20, process.execPath]] as const),
    );
    assert.match(row.faults.join(), /^made up cannot be built: RangeError: no such bundler/);
    assert.deepEqual([row.words.inline, row.nodes], ['NO', []]);
  });
});
