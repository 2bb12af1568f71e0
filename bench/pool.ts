/**
 * What a pool of two workers costs: the library beside piscina, tinypool, workerpool, poolifier,
 * plain worker threads, and Python's Pool under fork and spawn. Each runs in a process of its own,
 * in turn; every figure is the least of some rounds in its process.
 *
 *   npm run build && node build/bench/pool.js [rounds] [path of another node]
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
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return JSON.stringify(path);
};

/** A library in JavaScript, or Python's Pool. */
interface Peer {
  readonly name: string;
  /**
   * JavaScript that makes the pool, and defines `call(n)`, one task, `map(numbers)`, and
   * `turn({ x, y })`, a task that takes and gives an object. Those of PAYLOAD_PEERS define
   * `length(bytes)`, too.
   */
  readonly make: string;
  /** Python's start method. */
  readonly python?: 'fork' | 'spawn';
  readonly isTraced?: true;
}

const worker = file(
  'worker.mjs',
  `export default (n) => n * n; export const each = (list) => list.map((n) => n * n);
   export const turn = ({ x, y }) => ({ x: y, y: x }); export const length = (bytes) => bytes.length;`,
);
/** Pools that have no `map` get as many chunks as Python and the library make. */
const CHUNKS = `const inChunks = (each) => async (numbers) => {
  const size = Math.ceil(numbers.length / 8);
  const chunks = [];
  for (let i = 0; i < numbers.length; i += size) chunks.push(each(numbers.slice(i, i + size)));
  return (await Promise.all(chunks)).flat(); };`;
const ours = `const { Pool } = await import('${library}');
  const { default: square, turn: turned, length: lengthOf } = await import(${worker});
  const pool = new Pool({ size: 2 });
  const call = (n) => pool.apply(square, [n]);
  const turn = (point) => pool.apply(turned, [point]);
  const length = (bytes) => pool.apply(lengthOf, [bytes]);
  const map = (numbers) => pool.map(square, numbers);`;

const peers: readonly Peer[] = [
  {
    name: 'plain worker threads',
    make: `const { Worker } = await import('node:worker_threads');
      const file = ${file(
        'plain.mjs',
        `import { parentPort } from 'node:worker_threads';
        const run = (n) => Array.isArray(n) ? n.map((m) => m * m) : typeof n === 'number' ? n * n
          : n instanceof Uint8Array ? n.length : { x: n.y, y: n.x };
        parentPort.on('message', ([id, n]) => parentPort.postMessage([id, run(n)]));`,
      )};
      const waiting = new Map(); let id = 0;
      const workers = [1, 2].map(() => new Worker(file).on('message', ([id, result]) => { waiting.get(id)(result); waiting.delete(id); }));
      const call = (n) => new Promise((done) => { waiting.set(++id, done); workers[id % 2].postMessage([id, n]); });
      const turn = call; const length = call; const map = inChunks(call);`,
  },
  { name: 'simul', make: ours },
  { name: 'simul, traced', make: ours, isTraced: true },
  ...(['piscina', 'tinypool'] as const).map((name) => ({
    name,
    make: `const { ${name === 'piscina' ? 'Piscina' : 'Tinypool'}: Pool } = await import('${name}');
      const pool = new Pool({ filename: ${worker}, minThreads: 2, maxThreads: 2, concurrentTasksPerWorker: 1 });
      const call = (n) => pool.run(n);
      const turn = (point) => pool.run(point, { name: 'turn' });
      const length = (bytes) => pool.run(bytes, { name: 'length' });
      const map = inChunks((list) => pool.run(list, { name: 'each' }));`,
  })),
  {
    name: 'workerpool',
    make: `const { default: workerpool } = await import('workerpool');
      const pool = workerpool.pool(${file(
        'workerpool.mjs',
        `import workerpool from 'workerpool'; workerpool.worker({ square: (n) => n * n, each: (list) => list.map((n) => n * n),
          turn: ({ x, y }) => ({ x: y, y: x }) });`,
      )}, { minWorkers: 2, maxWorkers: 2, workerType: 'thread' });
      const call = (n) => pool.exec('square', [n]);
      const turn = (point) => pool.exec('turn', [point]);
      const map = inChunks((list) => pool.exec('each', [list]));`,
  },
  {
    name: 'poolifier',
    make: `const { FixedThreadPool } = await import('poolifier');
      const pool = new FixedThreadPool(2, ${file(
        'poolifier.mjs',
        `import { ThreadWorker } from 'poolifier'; export default new ThreadWorker((n) =>
          Array.isArray(n) ? n.map((m) => m * m) : typeof n === 'number' ? n * n : { x: n.y, y: n.x });`,
      )});
      const call = (n) => pool.execute(n);
      const turn = call;
      const map = inChunks((list) => pool.execute(list));`,
  },
  { name: 'Python, fork', make: '', python: 'fork' },
  { name: 'Python, spawn', make: '', python: 'spawn' },
];

interface Case {
  readonly title: string;
  readonly unit: string;
  /**
   * Returns one figure. `call`, `map` and `startMs` are defined; the latter is when the program
   * started to make the pool.
   */
  readonly js: string;
  /** Prints one figure; `pool`, `square`, `now` and `startMs` are defined. */
  readonly python: string;
}

const cases: readonly Case[] = [
  {
    title: 'A trivial task, 20,000 at once',
    unit: 'µs',
    js: `await Promise.all(Array.from({ length: 1000 }, (_, n) => call(n))); let least = Infinity;
      for (let round = 0; round < 5; round++) { const from = performance.now();
        await Promise.all(Array.from({ length: 20_000 }, (_, n) => call(n)));
        least = Math.min(least, (performance.now() - from) / 20); } return least;`,
    python: `
least = 1e9
for _ in range(3):
  start_ms = now()
  for r in [pool.apply_async(square, (n,)) for n in range(20000)]: r.get()
  least = min(least, (now() - start_ms) / 20)
print(least)`,
  },
  {
    title: 'A trivial task with a small object, 20,000 at once',
    unit: 'µs',
    js: `const point = (n) => turn({ x: n, y: 1 });
      await Promise.all(Array.from({ length: 1000 }, (_, n) => point(n))); let least = Infinity;
      for (let round = 0; round < 5; round++) { const from = performance.now();
        await Promise.all(Array.from({ length: 20_000 }, (_, n) => point(n)));
        least = Math.min(least, (performance.now() - from) / 20); } return least;`,
    python: `
least = 1e9
for _ in range(3):
  start_ms = now()
  for r in [pool.apply_async(turn, ({'x': n, 'y': 1},)) for n in range(20000)]: r.get()
  least = min(least, (now() - start_ms) / 20)
print(least)`,
  },
  {
    title: 'The round trip of one task',
    unit: 'µs',
    js: `for (let n = 0; n < 500; n++) await call(n); let least = Infinity;
      for (let round = 0; round < 5; round++) { const from = performance.now();
        for (let n = 0; n < 2000; n++) await call(n);
        least = Math.min(least, (performance.now() - from) / 2); } return least;`,
    python: `
least = 1e9
for _ in range(5):
  start_ms = now()
  for n in range(2000): pool.apply(square, (n,))
  least = min(least, (now() - start_ms) / 2)
print(least)`,
  },
  {
    title: 'map over 100,000 numbers',
    unit: 'ms',
    js: `const numbers = Array.from({ length: 100_000 }, (_, n) => n); let least = Infinity;
      for (let round = 0; round < 10; round++) { const from = performance.now();
        const { length } = await map(numbers); if (length !== 100_000) throw new Error('lost some');
        least = Math.min(least, performance.now() - from); } return least;`,
    python: `
numbers = list(range(100000))
least = 1e9
for _ in range(10):
  start_ms = now()
  pool.map(square, numbers)
  least = min(least, now() - start_ms)
print(least)`,
  },
  {
    title: 'From nothing to the first result',
    unit: 'ms',
    js: `await call(1); return performance.now() - startMs;`,
    python: `
pool.apply(square, (1,))
print(now() - startMs)`,
  },
];

function measure({ name, make, python, isTraced }: Peer, { js, python: pythonCase }: Case): number {
  const recording = join(folder, 'recording');
  const program = join(folder, python === undefined ? 'program.mjs' : 'program.py');
  const inJs = `${CHUNKS} const startMs = performance.now(); ${make}
    console.log(await (async () => { ${js} })()); process.exit();`;
  const inPython = `import multiprocessing, time
now = lambda: time.perf_counter() * 1000
def square(n): return n * n
def turn(p): return {'x': p['y'], 'y': p['x']}
if __name__ == '__main__':
  startMs = now()
  pool = multiprocessing.get_context('${python}').Pool(2)
${pythonCase.trim().replace(/^/gm, '  ')}
  pool.terminate()`;
  writeFileSync(program, python === undefined ? inJs : inPython);
  mkdirSync(recording);
  const { NODE_OPTIONS: _, ...env } = process.env;
  try {
    const out =
      python === undefined
        ? execFileSync(node, [...(isTraced === true ? ['--require', preload] : []), program], {
            encoding: 'utf8',
            env: {
              ...env,
              ...(isTraced === true ? { SIMUL_RECORDING: recording, SIMUL_DEPTH: 'full' } : {}),
            },
          })
        : execFileSync('python3', [program], { encoding: 'utf8' });
    return Number(out.trim().split('\n').at(-1));
  } catch (error) {
    throw new Error(`${name} could not be measured`, { cause: error });
  } finally {
    rmSync(recording, { recursive: true });
  }
}

for (const each of cases) {
  printTable(
    each.title,
    each.unit,
    runInTurn(
      rounds,
      peers.map((peer) => ({ name: peer.name, run: () => measure(peer, each) })),
    ),
  );
}

/** Those that are measured with large arguments. */
const PAYLOAD_PEERS = ['piscina', 'tinypool', 'plain worker threads', 'simul'].map((name) =>
  peers.find((peer) => peer.name === name)!,
);
for (const [size, bytes, count] of [
  ['1 KB', 1 << 10, 2000],
  ['16 KB', 1 << 14, 2000],
  ['256 KB', 1 << 18, 200],
  ['1 MB', 1 << 20, 100],
  ['4 MB', 1 << 22, 40],
] as const) {
  const rounds4 = `let least = Infinity, leastCpu = Infinity;
    for (let n = 0; n < 200; n++) await length(new Uint8Array(8));
    for (let round = 0; round < 4; round++) { const from = performance.now(), began = process.cpuUsage();
      await Promise.all(Array.from({ length: ${count} }, () => length(new Uint8Array(${bytes}))));
      const { user, system } = process.cpuUsage(began); leastCpu = Math.min(leastCpu, (user + system) / ${count});
      least = Math.min(least, (performance.now() - from) / ${count} * 1000); }`;
  for (const [what, unit, js] of [
    ['time', 'µs', `${rounds4} return least;`],
    ['CPU time of all threads', 'µs', `${rounds4} return leastCpu;`],
    ['memory', 'MB', `${rounds4} return process.resourceUsage().maxRSS / 1024;`],
  ] as const)
    printTable(
      `A task with an argument of ${size}, ${count} at once (${what})`,
      unit,
      runInTurn(
        rounds,
        PAYLOAD_PEERS.map((peer) => ({
          name: peer.name,
          run: () => measure(peer, { title: '', unit, js, python: '' }),
        })),
      ),
    );
}

const typed = `const typed = Float64Array.from({ length: 100_000 }, (_, n) => n); let least = Infinity;
  for (let round = 0; round < 20; round++) { const from = performance.now();
    await TYPED; least = Math.min(least, performance.now() - from); } return least;`;
printTable(
  'map over a typed array of 100,000 numbers',
  'ms',
  runInTurn(
    rounds,
    [
      ['here, without a pool', 'typed.map(square)'],
      ['simul', 'map(typed)'],
    ].map(([name, mapping]) => ({
      name: name!,
      run: () =>
        measure(
          { name: name!, make: ours },
          { title: '', unit: '', js: typed.replace('TYPED', mapping!), python: '' },
        ),
    })),
  ),
);
rmSync(folder, { recursive: true });
