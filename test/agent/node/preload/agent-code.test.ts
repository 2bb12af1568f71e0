/** The instrument's own code, kept between runs in the cache folder. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openTrace } from '../../../../runtime/launch/open-trace.ts';
import { describeProcess } from '../../../../runtime/launch/summary/describe-process.ts';
import { Trace } from '../../../../runtime/trace/model/trace.ts';
import { tree } from '../../../machine/tree.ts';
import { temporaryFolders } from '../../../launch/part-writer.ts';
import { NODES, traceProgram } from '../trace-program.ts';

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

    it('is that of the copy that runs: its frames stay hidden beside another copy of one cache', () => {
      const at = folder();
      const cache = join(at, 'cache');
      mkdirSync(cache, { mode: 0o700 });
      writeFileSync(join(at, 'program.cjs'), 'setTimeout(() => {\n  process.exit(3);\n}, 1);\n');
      for (const copy of ['one', 'two', 'one']) {
        if (copy !== 'one' || kept(cache).length === 0)
          cpSync(join(tree, 'dist/agent'), join(at, copy), { recursive: true });
        const recording = folder();
        const env = { ...process.env, SIMUL_RECORDING: recording, SIMUL_CACHE: cache };
        spawnSync(node, ['--require', join(at, copy, 'preload.cjs'), 'program.cjs'], { cwd: at, env });
        const trace = new Trace();
        openTrace(recording, [], trace);
        const words = describeProcess(trace, trace.processes[0]!, new Set());
        assert.match(words, /ended with exit code 3 by process\.exit at program\.cjs:2\b/);
      }
      assert.equal(kept(cache).length, 2);
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
