/**
 * What it costs to record the shapes of awaited values: a program traced without and with
 * `--values`, in turns. The figure is the process's CPU time for one `await` of a small object, in
 * µs, the median of the rounds.
 *
 *   npm run build && node build/bench/values.js [rounds]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const rounds = Number(process.argv[2] ?? 5);
const cli = resolve('dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'simul-bench-'));
const program = join(folder, 'program.mjs');
writeFileSync(
  program,
  `const N = 100_000; const f = async (i) => ({ i }); let sum = 0;
const usPer = async (run) => { const from = process.cpuUsage(); await run(); const { user, system } = process.cpuUsage(from); return (user + system) / N };
console.log(await usPer(async () => { for (let i = 0; i < N; i++) { const item = await f(i); sum += item.i } }),
  await usPer(async () => { for (let i = 0; i < N; i++) { const { i: k } = await f(i); sum += k } }));
`,
);

const MODES = [[], ['--values']] as const;
const KINDS = ['taken', 'taken apart'] as const;
const figures = MODES.map((): [number[], number[]] => [[], []]);
for (let round = 0; round < rounds; round++)
  for (const [i, options] of MODES.entries()) {
    const recording = join(folder, 'recording');
    const args = [cli, 'trace', '--quiet', '--recording', recording, ...options, program];
    const words = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split(' ');
    for (const kind of [0, 1] as const) figures[i]![kind].push(Number(words[kind]));
    rmSync(recording, { recursive: true });
  }
rmSync(folder, { recursive: true });

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
for (const kind of [0, 1] as const) {
  const [plain, withValues] = figures.map((each) => median(each[kind])) as [number, number];
  console.log(`${KINDS[kind].padEnd(12)} ${plain.toFixed(2)} µs, with values ${withValues.toFixed(2)} µs`);
}
