/**
 * What tracing costs an `await` and a realistic load. Each program runs untraced, light, full and
 * under async_hooks with listeners, each time in a process of its own. The figure is the main
 * thread's CPU time, the least of the rounds, with its ratio to untraced.
 *
 *   npm run build && node build/bench/await.js [path of another node]
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
  for (let i = 0; i < rounds; i++) { const from = cpu(); await run(); best = Math.min(best, (cpu() - from) / count) } return best }
`;
const programs: Readonly<Record<string, string>> = {
  'await null': `const N = 2000, T = 100; async function task() { for (let i = 0; i < N; i++) await null }
    console.log(await least(5, N * T, () => Promise.all(Array.from({ length: T }, task))));`,
  'await call()': `const N = 2000, T = 100; async function call() { return 1 }
    async function task() { for (let i = 0; i < N; i++) await call() }
    console.log(await least(5, N * T, () => Promise.all(Array.from({ length: T }, task))));`,
  'a job of 15 µs (200 tasks, queue, timers)': `const JOBS = 20000, TASKS = 190, BOUND = 64;
    class Queue { items = []; getters = []; putters = [];
      async put(x) { while (this.items.length >= BOUND) await new Promise((r) => this.putters.push(r)); this.items.push(x); this.getters.shift()?.() }
      async get() { while (this.items.length === 0) await new Promise((r) => this.getters.push(r)); const x = this.items.shift(); this.putters.shift()?.(); return x } }
    const spin = () => { let x = 1; for (let i = 0; i < 2250; i++) x = (x * 1103515245 + 12345) & 0x7fffffff; return x };
    async function job(x) { spin(); if (x % 16 === 0) await new Promise((r) => setTimeout(r, 1)) }
    async function worker(q) { for (;;) { const x = await q.get(); if (x < 0) return; await job(x) } }
    async function producer(q) { for (let i = 0; i < JOBS / 10; i++) await q.put(i) }
    async function all() { const q = new Queue(); const workers = Array.from({ length: TASKS }, () => worker(q));
      await Promise.all(Array.from({ length: 10 }, () => producer(q))); for (let i = 0; i < TASKS; i++) await q.put(-1); await Promise.all(workers) }
    console.log(await least(4, JOBS, all));`,
};
const modes = ['untraced', 'light', 'full', 'async_hooks'] as const;

for (const [name, text] of Object.entries(programs)) {
  const file = join(folder, 'program.mjs');
  const figures = modes.map((mode) => {
    const hooks = `import { createHook } from 'node:async_hooks'; let n = 0; const f = () => { n++; process.hrtime.bigint() };
      createHook({ init: f, before: f, after: f, promiseResolve: f }).enable();\n`;
    writeFileSync(file, MEASURE + (mode === 'async_hooks' ? hooks : '') + text);
    const recording = join(folder, 'recording');
    mkdirSync(recording);
    const { NODE_OPTIONS: _, ...env } = process.env;
    const isTraced = mode === 'light' || mode === 'full';
    const out = execFileSync(node, [...(isTraced ? ['--require', preload] : []), file], {
      encoding: 'utf8',
      env: { ...env, SIMUL_RECORDING: recording, SIMUL_DEPTH: mode },
    });
    rmSync(recording, { recursive: true });
    return Number(out);
  });
  console.log(name);
  modes.forEach((mode, i) => {
    const ns = figures[i]!;
    console.log(`  ${mode.padEnd(12)} ${ns.toFixed(0).padStart(7)} ns  × ${(ns / figures[0]!).toFixed(2)}`);
  });
}
rmSync(folder, { recursive: true });
