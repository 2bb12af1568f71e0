/**
 * What a generator costs: untraced, traced without the option, and with `--generators`. Each
 * program runs in a process of its own. The figure is the main thread's CPU time for one `next`,
 * the least of the rounds, in ns.
 *
 *   npm run build && node build/bench/generators.js [path of another node]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const node = process.argv[2] ?? process.execPath;
const preload = resolve(process.env['SIMUL_AGENT'] ?? 'dist/agent', 'preload.cjs');
const folder = mkdtempSync(join(tmpdir(), 'simul-bench-'));

const MEASURE = `import { readFileSync } from 'node:fs';
const cpu = () => { try { return Number(readFileSync('/proc/self/task/' + process.pid + '/schedstat', 'utf8').split(' ')[0]) }
  catch { const { user, system } = process.cpuUsage(); return (user + system) * 1000 } };
async function least(rounds, count, run) { let best = Infinity;
  for (let i = 0; i < rounds; i++) { await null; const from = cpu(); run(); best = Math.min(best, (cpu() - from) / count) } return best }
class Item { constructor(i) { this.i = i } }
`;
const programs: Readonly<Record<string, string>> = {
  'for (x of numbers)': `const N = 200_000; function* numbers() { for (let i = 0; i < N; i++) yield i }
    let sum = 0; console.log(await least(7, N, () => { for (const x of numbers()) sum += x }));`,
  'next(object)': `const N = 200_000; function* sum() { let all = 0; for (;;) { const item = yield all; all += item.i } }
    console.log(await least(7, N, () => { const g = sum(); g.next(); for (let i = 0; i < N; i++) g.next(new Item(i)) }));`,
  'yield* in a tree of 15 levels': `const N = 2 ** 15; function* walk(depth) { if (depth > 0) { yield* walk(depth - 1); yield depth; yield* walk(depth - 1) } }
    let sum = 0; console.log(await least(7, N, () => { for (const x of walk(15)) sum += x }));`,
  'begin, one value, break': `const N = 100_000; function* numbers() { yield 1; yield 2 }
    let sum = 0; console.log(await least(7, N, () => { for (let i = 0; i < N; i++) for (const x of numbers()) { sum += x; break } }));`,
};
const modes = ['untraced', 'traced', 'generators'] as const;

for (const [name, text] of Object.entries(programs)) {
  const file = join(folder, 'program.mjs');
  const figures = modes.map((mode) => {
    writeFileSync(file, MEASURE + text);
    const recording = join(folder, 'recording');
    mkdirSync(recording);
    const { NODE_OPTIONS: _, ...env } = process.env;
    const traced = {
      SIMUL_RECORDING: recording,
      ...(mode === 'generators' ? { SIMUL_GENERATORS: '1' } : {}),
    };
    const out = execFileSync(node, [...(mode === 'untraced' ? [] : ['--require', preload]), file], {
      encoding: 'utf8',
      env: { ...env, ...traced },
    });
    rmSync(recording, { recursive: true });
    return Number(out);
  });
  console.log(name);
  for (const [i, mode] of modes.entries())
    console.log(
      `  ${mode.padEnd(12)} ${figures[i]!.toFixed(0).padStart(6)} ns   ×${(figures[i]! / figures[0]!).toFixed(1)}`,
    );
}
rmSync(folder, { recursive: true });
