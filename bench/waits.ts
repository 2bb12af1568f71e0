/**
 * What the library's waits cost beside what people use for each: calls limited to ten at once, a
 * contended lock, a time limit, a task that is spawned and awaited, an `await` in and outside a
 * run. Each contender runs in a process of its own, in turn; the figure is the main thread's CPU
 * time for one operation, the least of the rounds in its process.
 *
 *   npm run build && tsc -b bench && node build/bench/waits.js [rounds] [path of another node]
 *     [only these rows, parts of their names]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInTurn, printTable } from './report.ts';

const rounds = Number(process.argv[2] ?? 5);
const node = process.argv[3] ?? process.execPath;
const wanted = process.argv[4] ?? '';
const library = pathToFileURL(resolve('dist/index.js')).href;
const folder = mkdtempSync(join(tmpdir(), 'simul-bench-'));
symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));

const MEASURE = `import { readFileSync } from 'node:fs';
const cpu = () => { try { return Number(readFileSync('/proc/self/task/' + process.pid + '/schedstat', 'utf8').split(' ')[0]); }
  catch { const { user, system } = process.cpuUsage(); return (user + system) * 1000; } };
async function least(count, operate) { let best = Infinity;
  for (let round = 0; round < 6; round++) { const from = cpu(); await operate(count); best = Math.min(best, (cpu() - from) / count); }
  console.log(best); process.exit(); }
`;
const OURS = (names: string): string => `import { ${names} } from '${library}';`;

interface Contender {
  readonly name: string;
  readonly text: string;
}

/** The first contender is the peer. */
const rows: readonly { readonly name: string; readonly contenders: readonly Contender[] }[] = [
  {
    name: 'a call of 50,000, ten at once',
    contenders: [
      {
        name: 'p-limit',
        text: `import pLimit from 'p-limit'; const limited = pLimit(10);
          await least(50_000, (n) => Promise.all(Array.from({ length: n }, (_, i) => limited(async () => { await null; return i; }))));`,
      },
      {
        name: 'p-queue',
        text: `import PQueue from 'p-queue'; const queue = new PQueue({ concurrency: 10 });
          await least(50_000, (n) => Promise.all(Array.from({ length: n }, (_, i) => queue.add(async () => { await null; return i; }))));`,
      },
      {
        name: 'async-mutex, Semaphore',
        text: `import { Semaphore } from 'async-mutex'; const semaphore = new Semaphore(10);
          await least(50_000, (n) => Promise.all(Array.from({ length: n }, (_, i) => semaphore.runExclusive(async () => { await null; return i; }))));`,
      },
      {
        name: 'Effect',
        text: `import { Effect } from 'effect';
          await least(50_000, (n) => Effect.runPromise(Effect.all(Array.from({ length: n }, (_, i) => Effect.promise(async () => { await null; return i; })), { concurrency: 10 })));`,
      },
      {
        name: 'simul, Semaphore',
        text: `${OURS('Semaphore')} const semaphore = new Semaphore(10);
          await least(50_000, (n) => Promise.all(Array.from({ length: n }, (_, i) => semaphore.with(async () => { await null; return i; }))));`,
      },
      {
        name: 'simul, Semaphore in a run',
        text: `${OURS('Semaphore, run, gather')} const semaphore = new Semaphore(10);
          await least(50_000, (n) => run(async () => { await gather(Array.from({ length: n }, (_, i) => semaphore.with(async () => { await null; return i; }))); }));`,
      },
      {
        name: 'simul, map',
        text: `${OURS('collect, map, run')}
          await least(50_000, (n) => run(() => collect(map(Array.from({ length: n }, (_, i) => i), async (i) => { await null; return i; }, { concurrency: 10 }))));`,
      },
    ],
  },
  {
    name: 'a turn with a contended lock, 100 tasks',
    contenders: [
      {
        name: 'async-mutex',
        text: `import { Mutex } from 'async-mutex'; const mutex = new Mutex();
          const task = async (n) => { for (let i = 0; i < n; i++) await mutex.runExclusive(async () => { await null; }); };
          await least(50_000, (n) => Promise.all(Array.from({ length: 100 }, () => task(n / 100))));`,
      },
      {
        name: 'simul, async functions',
        text: `${OURS('Lock, run, gather')} const lock = new Lock();
          const task = async (n) => { for (let i = 0; i < n; i++) await lock.with(async () => { await null; }); };
          await least(50_000, (n) => run(async () => { await gather(Array.from({ length: 100 }, () => task(n / 100))); }));`,
      },
      {
        name: 'simul, outside a run',
        text: `${OURS('Lock')} const lock = new Lock();
          const task = async (n) => { for (let i = 0; i < n; i++) await lock.with(async () => { await null; }); };
          await least(50_000, (n) => Promise.all(Array.from({ length: 100 }, () => task(n / 100))));`,
      },
      {
        name: 'simul, coroutines',
        text: `${OURS('Lock, run, gather, spawn')} const lock = new Lock();
          function* task(n) { for (let i = 0; i < n; i++) { yield* lock.acquire(); try { yield; } finally { lock.release(); } } }
          await least(50_000, (n) => run(function* () { yield* gather(Array.from({ length: 100 }, () => spawn(task(n / 100)))); }));`,
      },
    ],
  },
  {
    name: 'a time limit that is kept',
    contenders: [
      {
        name: 'race with clearTimeout',
        text: `async function limited(promise, ms) { let timer;
            try { return await Promise.race([promise, new Promise((_, fail) => { timer = setTimeout(() => fail(new Error('late')), ms); })]); } finally { clearTimeout(timer); } }
          const work = async () => { await null; };
          await least(20_000, async (n) => { for (let i = 0; i < n; i++) await limited(work(), 1000); });`,
      },
      {
        name: 'simul, timeout',
        text: `${OURS('timeout, run')} const work = async () => { await null; };
          await least(20_000, (n) => run(async () => { for (let i = 0; i < n; i++) await timeout(1000, work()); }));`,
      },
      {
        name: 'Effect',
        text: `import { Effect } from 'effect'; const work = Effect.promise(async () => { await null; });
          await least(20_000, (n) => Effect.runPromise(Effect.gen(function* () { for (let i = 0; i < n; i++) yield* Effect.timeout(work, '1 second'); })));`,
      },
    ],
  },
  {
    name: 'a task that is spawned and awaited',
    contenders: [
      {
        name: 'Effect',
        text: `import { Effect, Fiber } from 'effect'; const work = Effect.gen(function* () { return 1; });
          const fork = Effect.forkChild ?? Effect.fork;
          await least(50_000, (n) => Effect.runPromise(Effect.gen(function* () { for (let i = 0; i < n; i++) { const fiber = yield* fork(work); yield* Fiber.join(fiber); } })));`,
      },
      {
        name: 'native async function',
        text: `async function work() { return 1; }
          await least(50_000, async (n) => { for (let i = 0; i < n; i++) await work(); });`,
      },
      {
        name: 'simul, async function',
        text: `${OURS('spawn, run')} const work = async () => 1;
          await least(50_000, (n) => run(async () => { for (let i = 0; i < n; i++) await spawn(work); }));`,
      },
      {
        name: 'simul, coroutine',
        text: `${OURS('spawn, run')} function* work() { return 1; }
          await least(50_000, (n) => run(function* () { for (let i = 0; i < n; i++) yield* spawn(work); }));`,
      },
    ],
  },
  {
    name: 'an await',
    contenders: [
      {
        name: 'native',
        text: `await least(200_000, async (n) => { for (let i = 0; i < n; i++) await null; });`,
      },
      {
        name: 'in a run',
        text: `${OURS('run')} await least(200_000, (n) => run(async () => { for (let i = 0; i < n; i++) await null; }));`,
      },
      {
        name: 'of a Future, outside a run',
        text: `${OURS('Future')} await least(200_000, async (n) => { for (let i = 0; i < n; i++) { const f = new Future(); f.resolve(i); await f; } });`,
      },
      {
        name: 'of a Future, in a run',
        text: `${OURS('Future, run')} await least(200_000, (n) => run(async () => { for (let i = 0; i < n; i++) { const f = new Future(); f.resolve(i); await f; } }));`,
      },
    ],
  },
];

function figureOf(text: string): number {
  const file = join(folder, 'contender.mjs');
  writeFileSync(file, MEASURE + text);
  const env = { ...process.env, NODE_ENV: 'production' };
  const out = execFileSync(node, [file], { encoding: 'utf8', env });
  return Number(out.trim().split('\n').at(-1));
}

try {
  for (const { name, contenders } of rows.filter((row) => row.name.includes(wanted))) {
    const measured = runInTurn(
      rounds,
      contenders.map((contender) => ({ name: contender.name, run: () => figureOf(contender.text) })),
    );
    printTable(name, 'ns', measured);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
