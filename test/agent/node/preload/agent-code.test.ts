/** The instrument's own code, kept between runs in the cache folder. */
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { temporaryFolders } from '../../../launch/part-writer.ts';
import { AGENT, NODES, traceProgram } from '../trace-program.ts';

const folder = temporaryFolders();
// On Node 20 the loader itself imports such a program.
const PROGRAM = `
  import { setTimeout as sleep } from 'node:timers/promises';
  async function work(n: number): Promise<number> { await sleep(1); return n; }
  console.log(await work(7));
`;

for (const { name, path: node } of NODES) {
  describe(`on ${name}, the code of the instrument`, function () {
    this.timeout(60_000);

    async function run(cache: string): Promise<string> {
      const traced = await traceProgram(PROGRAM, { node, name: 'program.ts', env: { SIMUL_CACHE: cache } });
      assert.deepEqual([traced.stdout, traced.stderr, traced.code], ['7\n', '', 0]);
      return traced.text;
    }
    const kept = (cache: string): string[] => readdirSync(cache).filter((file) => file.startsWith('agent-'));

    it('is kept by the first run and changes nothing in the next', async () => {
      const cache = folder();
      chmodSync(cache, 0o700);
      const first = await run(cache);
      const [file = 'none'] = kept(cache);
      const code = readFileSync(join(cache, file));
      assert.equal(await run(cache), first);
      assert.deepEqual(kept(cache), [file]);
      assert.ok(code.equals(readFileSync(join(cache, file))), 'the second run used it and wrote nothing');
    });

    it('is made anew by a copy of it elsewhere, whose frames no stack shows either', async () => {
      const cache = folder();
      chmodSync(cache, 0o700);
      const copy = join(folder(), 'agent');
      cpSync(AGENT, copy, { recursive: true });
      for (const agent of [AGENT, copy, copy]) {
        const { recordings } = await traceProgram('setTimeout(() => process.exit(3), 1);', {
          node,
          agent,
          env: { SIMUL_CACHE: cache },
        });
        assert.match(recordings[0]!, /processEnd .*exitCode=3 site="program.mjs:1:\d+ line .*how=called/);
      }
      assert.equal(kept(cache).length, 2);
    });

    it('is made anew where the file is torn', async () => {
      const cache = folder();
      chmodSync(cache, 0o700);
      const first = await run(cache);
      const file = join(cache, kept(cache)[0]!);
      const code = readFileSync(file);
      const holed = Buffer.from(code).fill(0, 65_536, 69_632);
      for (const damaged of [holed, code.subarray(0, 70_000), Buffer.alloc(0)]) {
        writeFileSync(file, damaged);
        assert.equal(await run(cache), first);
        const mended = readFileSync(file);
        assert.ok(mended.length > 70_000 && !mended.equals(damaged), 'a whole one is in its place');
      }
    });

    it('is neither read nor written where others may write', async () => {
      const parent = folder();
      const cache = join(parent, 'open');
      mkdirSync(cache);
      chmodSync(cache, 0o777);
      await run(cache);
      assert.deepEqual(readdirSync(cache), []);
    });
  });
}
