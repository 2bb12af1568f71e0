/**
 * What a debugger's stops cost a probe that does not hit: an await (two probes), traced, beside the
 * same program debugged, with nothing armed, and with everything armed. And how often a stop lands
 * in the user's line, of so many.
 *
 *   npm run build && node build/bench/stops.js [ROUNDS] [path of another node]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceEnv } from '../runtime/launch/start-trace.ts';
import { STOP_EVENTS } from '../runtime/trace/format/stop-events.ts';
import { InspectedProgram } from '../test/agent/node/stops/inspected-program.ts';
import { tree } from '../test/machine/tree.ts';
import { median } from './report.ts';

const rounds = Number(process.argv[2] ?? 100);
const node = process.argv[3] ?? process.execPath;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-bench-')));
const library = JSON.stringify(join(tree, 'dist/index.js'));

/** The main thread's CPU time, the least of some rounds. */
const LOOP = `import { readFileSync } from 'node:fs';
const N = 2000, T = 100;
async function task() { for (let i = 0; i < N; i++) await null }
const cpu = () => Number(readFileSync('/proc/self/task/' + process.pid + '/schedstat', 'utf8').split(' ')[0]);
let best = Infinity;
for (let i = 0; i < 8; i++) {
  const from = cpu();
  await Promise.all(Array.from({ length: T }, task));
  best = Math.min(best, (cpu() - from) / (N * T));
}
console.log(best);
`;
const QUEUE = `import { Lock, Queue, createTask, sleep } from ${library};
const orders = new Queue({ name: 'orders', capacity: 1 });
const door = new Lock({ name: 'door' });
async function one() {
  await orders.put(1);
  await orders.get();
  await door.acquire();
  await sleep(1);
  door.release();
}
const slow = createTask(async () => { await sleep(10_000); });
await one();
slow.cancel();
await slow.catch(() => {});
`;
const MANY = `const soon = () => new Promise((go) => setImmediate(go));
async function other() {
  for (let i = 0; i < 20; i++) await soon();
}
async function one() {
  await soon();
  await soon();
  await soon();
}
await Promise.all([...Array.from({ length: 50 }, other), one()]);
`;

/** An error is caught at once, passed on, cleaned up after, and part of a group. */
const FAILS = `import { setTimeout as sleep } from 'node:timers/promises';
async function fails() {
  await sleep(1);
  throw new Error('no');
}
async function passesOn() {
  try { await fails(); } finally {
    console.log('cleaned up');
  }
}
try { await passesOn(); } catch {
  console.log('caught');
}
await Promise.allSettled([fails(), fails()]);
console.log('settled');
`;

try {
  measureCost();
  await countHits('queue full, lock taken, cancelled', QUEUE, [5, 7, 13]);
  await countHits('a task failed', FAILS, [8, 12, 15], ['failed']);
  await countSteps();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measureCost(): void {
  const file = join(folder, 'loop.mjs');
  writeFileSync(file, LOOP);
  const run = (debug?: { readonly stopAt: readonly string[] }): number => {
    const recording = join(folder, 'recording');
    mkdirSync(recording);
    const env = traceEnv({ recording, ...(debug === undefined ? {} : { debug }) });
    const text = execFileSync(node, [file], { encoding: 'utf8', env });
    rmSync(recording, { recursive: true });
    return Number(text);
  };
  const figures = { traced: [] as number[], debugged: [] as number[], armed: [] as number[] };
  for (let i = 0; i < 9; i++) {
    figures.traced.push(run());
    figures.debugged.push(run({ stopAt: [] }));
    figures.armed.push(run({ stopAt: STOP_EVENTS }));
  }
  for (const [name, values] of Object.entries(figures)) {
    const more = median(values.map((ns, i) => (ns - figures.traced[i]!) / 2));
    const least = Math.min(...values).toFixed(1);
    console.log(
      `an await, ${name}: ${median(values).toFixed(1)} ns, least ${least}; a probe ${more.toFixed(1)} ns more`,
    );
  }
}

async function start(text: string, stopAt: readonly string[]): Promise<InspectedProgram> {
  const own = mkdtempSync(join(folder, 'run-'));
  const recording = join(own, 'recording');
  mkdirSync(recording);
  const program = join(own, 'program.mjs');
  writeFileSync(program, text);
  return InspectedProgram.start({ node, program, recording, stopAt, skipped: [`${tree}/dist/`, '^node:'] });
}

async function countHits(
  name: string,
  text: string,
  lines: readonly number[],
  events: readonly string[] = ['queue-full', 'lock-taken', 'cancelled'],
): Promise<void> {
  let right = 0;
  for (let i = 0; i < rounds; i++) {
    const program = await start(text, events);
    const found: (number | null)[] = [];
    for (let line = await program.resume(); line !== null; line = await program.resume()) found.push(line);
    if (found.join() === lines.join()) right++;
    else console.log(`  stopped at ${found.join()}`);
    await program.ended;
  }
  console.log(`${name}: ${right} of ${rounds} in the user's lines`);
}

async function countSteps(): Promise<void> {
  let right = 0;
  for (let i = 0; i < rounds; i++) {
    const program = await start(MANY, []);
    await program.setBreakpoint(6);
    await program.resume();
    const found: (number | null)[] = [];
    for (let step = 0; step < 3; step++) {
      await program.evaluate('simulBridge$.stops.stepTask(simulBridge$.stops.topTask())');
      found.push(await program.resume());
    }
    if (found.join() === '7,8,9') right++;
    else console.log(`  stopped at ${found.join()}`);
    program.runToEnd();
    await program.ended;
  }
  console.log(`three awaits of a task among 50 others: ${right} of ${rounds} in the user's lines`);
}
