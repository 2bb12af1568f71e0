/**
 * What a switch between tasks costs, and what a waiting task holds: the library, untraced and
 * traced, beside native async functions, Effect, Effection and co. Each runs in a process of its
 * own, in turn. Switches are measured in CPU time, waiting tasks in heap bytes.
 *
 *   npm run build && node build/bench/tasks.js [rounds] [path of another node]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInTurn, printTable } from './report.ts';

const rounds = Number(process.argv[2] ?? 5);
const node = process.argv[3] ?? process.execPath;
const library = pathToFileURL(resolve('dist/index.js')).href;
const preload = resolve('dist/agent/preload.cjs');
const folder = mkdtempSync(join(tmpdir(), 'simul-bench-'));
symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));

interface Peer {
  readonly name: string;
  readonly imports: string;
  /** Runs T tasks of N switches each. */
  readonly switches: string;
  /** Makes COUNT tasks that wait for what never comes; gives when they do. */
  readonly waiting: string | null;
  readonly isTraced?: true;
}

const OURS = `import { Future, run, sleep, spawn } from '${library}';`;
const coroutines = `await run(function* () {
  const tasks = Array.from({ length: T }, () => spawn(function* () { for (let i = 0; i < N; i++) yield; }));
  for (const task of tasks) yield* task; });`;

const peers: readonly Peer[] = [
  {
    name: 'native async function',
    imports: '',
    switches: `async function task() { for (let i = 0; i < N; i++) await null; }
      await Promise.all(Array.from({ length: T }, task));`,
    waiting: `const never = Array.from({ length: COUNT }, () => new Promise(() => {}));
      async function task(i) { await never[i]; } held = [never, base(), never.map((_, i) => task(i))];`,
  },
  {
    name: 'simul coroutine',
    imports: OURS,
    switches: coroutines,
    waiting: `const never = Array.from({ length: COUNT }, () => new Future());
      function* task(i) { yield* never[i]; }
      held = [never]; await run(function* () { base(); held.push(never.map((_, i) => spawn(task(i)))); yield; yield; measure(); process.exit(); });`,
  },
  {
    name: 'simul async function',
    imports: OURS,
    switches: `await run(async () => { await Promise.all(Array.from({ length: T }, () =>
      spawn(async () => { for (let i = 0; i < N; i++) await sleep(0); }))); });`,
    waiting: null,
  },
  { name: 'simul coroutine, traced', imports: OURS, switches: coroutines, waiting: null, isTraced: true },
  {
    name: 'Effect',
    imports: `import { Deferred, Effect } from 'effect';`,
    switches: `const now = typeof Effect.yieldNow === 'function' ? Effect.yieldNow() : Effect.yieldNow;
      const task = Effect.gen(function* () { for (let i = 0; i < N; i++) yield* now; });
      await Effect.runPromise(Effect.all(Array.from({ length: T }, () => task), { concurrency: 'unbounded' }));`,
    waiting: `const never = Array.from({ length: COUNT }, () => Effect.runSync(Deferred.make()));
      const task = (i) => Effect.gen(function* () { yield* Deferred.await(never[i]); });
      held = [never, base(), never.map((_, i) => Effect.runFork(task(i)))];`,
  },
  {
    name: 'Effection',
    imports: `import { run as start, spawn as fork, suspend, until } from 'effection';`,
    switches: `const there = Promise.resolve();
      await start(function* () {
        const tasks = [];
        for (let t = 0; t < T; t++) tasks.push(yield* fork(function* () { for (let i = 0; i < N; i++) yield* until(there); }));
        for (const task of tasks) yield* task; });`,
    waiting: `held = []; base(); for (let i = 0; i < COUNT; i++) held.push(start(function* () { yield* suspend(); }));`,
  },
  {
    name: 'co',
    imports: `import co from 'co';`,
    switches: `const there = Promise.resolve();
      await Promise.all(Array.from({ length: T }, () => co(function* () { for (let i = 0; i < N; i++) yield there; })));`,
    waiting: `const never = Array.from({ length: COUNT }, () => new Promise(() => {}));
      held = [never, base(), never.map((promise) => co(function* () { yield promise; }))];`,
  },
];

/** The program's last line as a number. */
function figureOf(text: string, isTraced: boolean): number {
  const file = join(folder, 'program.mjs');
  const recording = join(folder, 'recording');
  writeFileSync(file, text);
  mkdirSync(recording);
  const { NODE_OPTIONS: _, ...env } = process.env;
  const out = execFileSync(node, ['--expose-gc', ...(isTraced ? ['--require', preload] : []), file], {
    encoding: 'utf8',
    env: { ...env, SIMUL_RECORDING: recording, SIMUL_DEPTH: 'full' },
  });
  rmSync(recording, { recursive: true });
  return Number(out.trim().split('\n').at(-1));
}

/** Of the main thread alone: what ships records into a file runs beside it. */
const CPU = `import { readFileSync } from 'node:fs';
const cpu = () => { try { return Number(readFileSync('/proc/self/task/' + process.pid + '/schedstat', 'utf8').split(' ')[0]); }
  catch { const { user, system } = process.cpuUsage(); return (user + system) * 1000; } };`;

printTable(
  'A switch, 100 tasks',
  'ns',
  runInTurn(
    rounds,
    peers.map(({ name, imports, switches, isTraced }) => ({
      name,
      run: () =>
        figureOf(
          `${imports} ${CPU} const T = 100, N = ${name === 'Effection' ? 1_000 : 10_000}; let least = Infinity;
          for (let round = 0; round < 3; round++) { const from = cpu(); await (async () => { ${switches} })(); least = Math.min(least, (cpu() - from) / (T * N)); }
          console.log(least); process.exit();`,
          isTraced === true,
        ),
    })),
  ),
);

printTable(
  'A waiting task, beside what it waits for',
  'bytes',
  runInTurn(
    Math.min(rounds, 3),
    peers
      .filter(({ waiting }) => waiting !== null)
      .map(({ name, imports, waiting }) => ({
        name,
        run: () =>
          figureOf(
            `${imports} const COUNT = ${name === 'Effection' ? 5_000 : 100_000}; let held = null; let from = 0;
            const heap = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
            const base = () => (from = heap());
            const measure = () => console.log((heap() - from) / COUNT);
            ${waiting}
            for (let turn = 0; turn < 3; turn++) await new Promise((done) => setImmediate(done));
            measure(); process.exit(held === null ? 1 : 0);`,
            false,
          ),
      })),
  ),
);
rmSync(folder, { recursive: true });
