/** Stops at events of concurrency, in the user's line, under a debugger that hides what it may. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { SpanLog } from '../../../../runtime/trace/columns/span-log.ts';
import { Fold } from '../../../../runtime/trace/fold/fold.ts';
import { State } from '../../../../runtime/trace/model/state.ts';
import { Trace } from '../../../../runtime/trace/model/trace.ts';
import { readRecording } from '../../../../runtime/launch/read-recording.ts';
import { tree } from '../../../machine/tree.ts';
import { InspectedProgram } from './inspected-program.ts';

const library = JSON.stringify(join(tree, 'dist/index.js'));
/** What `skipFiles: ["**\/node_modules/**"]` would hide, were all of ours installed there. */
const SKIPPED = [`${tree}/dist/`, '^node:'];

const QUEUE = `import { Queue, sleep } from ${library};
const orders = new Queue({ name: 'orders', capacity: 2 });
async function produce(n) {
  await sleep(1);
  await orders.put(n);
}
async function consume() {
  for (let i = 0; i < 6; i++) {
    const order = await orders.get();
    await sleep(3);
    console.log(order);
  }
}
await Promise.all([consume(), ...[1, 2, 3, 4, 5, 6].map(produce)]);
`;

const LOCK = `import { Lock, sleep } from ${library};
const door = new Lock({ name: 'door' });
async function guest(n) {
  await door.acquire();
  console.log('in', n);
  await sleep(1);
  door.release();
}
await Promise.all([guest(1), guest(2), guest(3)]);
`;

const CANCEL = `import { createTask, sleep } from ${library};
const slow = createTask(async () => {
  await sleep(10_000);
});
await sleep(1);
slow.cancel();
await slow.catch(() => console.log('cancelled'));
`;

const FAILS = `import { sleep } from ${library};
async function fails() {
  await sleep(1);
  throw new Error('no');
}
async function passesOn() {
  await fails();
}
async function catches(name, call) {
  try {
    await call();
  } catch {
    console.log('caught', name);
  }
}
async function cleansUp() {
  try {
    await fails();
  } finally {
    console.log('cleaned up');
  }
}
async function atOnce() {
  throw new Error('at once');
}
await catches('fails', fails);
await catches('passesOn', passesOn);
await catches('cleansUp', cleansUp);
await catches('atOnce', atOnce);
await catches('nothing', async () => sleep(1));
await Promise.allSettled([sleep(5), fails()]);
console.log('settled');
await fails().catch(() => {});
console.log('end');
`;

const TWO_QUEUES = `import { Lock, Queue, sleep } from ${library};
const orders = new Queue({ name: 'orders', capacity: 2 });
const others = new Queue({ name: 'others', capacity: 1 });
const door = new Lock({ name: 'door' });
async function main() {
  await orders.put(1);
  await orders.put(2);
  await orders.get();
  await orders.get();
  await others.put(3);
  const again = async () => {
    await door.acquire();
    await door.acquire();
  };
  void again();
  await sleep(1);
  door.release();
  await sleep(1);
}
await main();
`;

/** Fifty tasks interleave; each has awaits of its own. */
const MANY = `const soon = () => new Promise((go) => setImmediate(go));
async function other() {
  for (let i = 0; i < 20; i++) await soon();
}
async function one() {
  await soon();
  await soon();
  await soon();
  console.log('one');
}
await Promise.all([...Array.from({ length: 50 }, other), one()]);
`;

describe('a program that is debugged', function () {
  this.timeout(60_000);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-stops-')));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let programs = 0;

  async function start(text: string, stopAt: readonly string[] = []): Promise<InspectedProgram> {
    const own = join(folder, String(programs++));
    const recording = join(own, 'recording');
    mkdirSync(recording, { recursive: true });
    const program = join(own, 'program.mjs');
    writeFileSync(program, text);
    return InspectedProgram.start({ node: process.execPath, program, recording, stopAt, skipped: SKIPPED });
  }

  async function linesOf(program: InspectedProgram): Promise<number[]> {
    const lines: number[] = [];
    for (let line = await program.resume(); line !== null; line = await program.resume()) lines.push(line);
    return lines;
  }

  function tracedBy({ recording }: InspectedProgram): {
    readonly trace: Trace;
    readonly spans: SpanLog;
    /** When the thread went on, ns. */
    readonly resumed: readonly number[];
  } {
    const trace = new Trace();
    const spans = new SpanLog(trace);
    const resumed: number[] = [];
    const fold = new Fold([spans, { laneResumed: (_lane, t) => void resumed.push(t) }], trace);
    readRecording(recording, {
      onRecords: (part, records) => fold.feed(part, records),
      onTrouble: (words) => assert.fail(words),
    });
    fold.end();
    return { trace, spans, resumed };
  }

  it('stops in the line that fills a queue', async () => {
    const program = await start(QUEUE, ['queue-full']);
    const lines = await linesOf(program);
    assert.ok(lines.length > 0);
    // An item that had to wait is put by another: its producer stops behind its await.
    assert.deepEqual(
      [...new Set(lines)].sort((a, b) => a - b),
      [5, 6],
    );
    const { code, output } = await program.ended;
    assert.deepEqual([code, output.split('\n').length], [0, 7]);
  });

  it('stops where a task has taken a lock, be it at once or after others', async () => {
    const program = await start(LOCK, ['lock-taken']);
    // Whoever had to wait stops behind its await.
    assert.deepEqual(await linesOf(program), [4, 5, 5]);
    assert.equal((await program.ended).output, 'in 1\nin 2\nin 3\n');
  });

  it('stops where a task is cancelled', async () => {
    const program = await start(CANCEL, ['cancelled']);
    assert.deepEqual(await linesOf(program), [6]);
    assert.equal((await program.ended).output, 'cancelled\n');
  });

  it('stops where the error of a task arrives, whoever passed it on', async () => {
    const program = await start(FAILS, ['failed']);
    const lines = FAILS.split('\n');
    const shown = (await linesOf(program)).map((line) => lines[line - 1]!.trim());
    const caught = "console.log('caught', name);";
    assert.deepEqual(shown, [
      ...[caught, caught, "console.log('cleaned up');", caught, caught],
      ...["console.log('settled');", "console.log('end');"],
    ]);
    const { output } = await program.ended;
    assert.equal(
      output,
      'caught fails\ncaught passesOn\ncleaned up\ncaught cleansUp\ncaught atOnce\nsettled\nend\n',
    );
  });

  it('goes over an await that throws, to where that is caught', async () => {
    const program = await start(FAILS);
    await program.setBreakpoint(11);
    assert.equal(await program.resume(), 11);
    const task = await program.evaluate<number>('simulBridge$.stops.topTask()');
    await program.evaluate(`simulBridge$.stops.stepTask(${task})`);
    assert.equal(await program.resume(), 13);
    assert.equal(await program.evaluate('simulBridge$.stops.reason()'), 'step');
    program.runToEnd();
    await program.ended;
  });

  it('stops at what happens to one resource of this process, and to no other', async () => {
    const first = await start(TWO_QUEUES);
    first.runToEnd();
    await first.ended;
    const { trace } = tracedBy(first);
    // Numbers are given in the order in which things are made: the same in each run.
    const idOf = (name: string): number => trace.resources.find((one) => one.name === name)!.id;
    const lines = async (change: string, name: string, pidOffset = 0): Promise<number[]> => {
      const program = await start(TWO_QUEUES);
      const resource = { pid: program.child.pid! + pidOffset, id: idOf(name), change };
      await program.evaluate(`simulBridge$.stops.arm([], [${JSON.stringify(resource)}])`);
      const all = await linesOf(program);
      await program.ended;
      return all;
    };
    // V8 stops behind the call, in the statement that follows.
    assert.deepEqual(await lines('depth', 'orders'), [6, 7, 8, 9]);
    assert.deepEqual(await lines('full', 'orders'), [7]);
    assert.deepEqual(await lines('empty', 'orders'), [9]);
    assert.deepEqual(await lines('full', 'others'), [10]);
    assert.deepEqual(await lines('holders', 'door'), [12, 14]);
    assert.deepEqual(await lines('waiters', 'door'), [12, 13]);
    assert.deepEqual(await lines('depth', 'orders', 1), []);
  });

  it('stops at nothing that was not asked for', async () => {
    const program = await start(LOCK, ['queue-full', 'cancelled']);
    assert.deepEqual(await linesOf(program), []);
  });

  it('goes over an await of one task while fifty others run', async () => {
    const program = await start(MANY);
    await program.setBreakpoint(6);
    assert.equal(await program.resume(), 6);
    for (const line of [7, 8, 9]) {
      const task = await program.evaluate<number>('simulBridge$.stops.topTask()');
      await program.evaluate(`simulBridge$.stops.stepTask(${task})`);
      assert.equal(await program.resume(), line);
      assert.equal(await program.evaluate('simulBridge$.stops.topTask()'), task);
    }
    assert.equal(await program.resume(), null);
    assert.equal((await program.ended).output, 'one\n');
  });

  /** What the program prints when it is left alone. */
  const FROZEN = `async function count(name) {
  for (let i = 0; i < 5; i++) {
    await step(name, i);
  }
  return name;
}
async function step(name, i) {
  await null;
  seen.push(name + i);
}
const seen = [];
const all = await Promise.allSettled([count('a'), count('b'), Promise.reject(new Error('no'))]);
const order = ['a', 'b'].map((name) => seen.filter((word) => word[0] === name).join());
console.log(order.join(' '), all.map(({ status }) => status).join());
`;

  it('holds a frozen task until it is thawed, and gives the same output', async () => {
    const program = await start(FROZEN);
    const freeze = (what: string): Promise<unknown> => program.evaluate(`simulBridge$.stops.held.${what}`);
    await program.setBreakpoint(3);
    assert.equal(await program.resume(), 3);
    const task = await program.evaluate<number>('simulBridge$.stops.topTask()');
    await freeze(`freeze([${task}])`);
    // The other one comes by five times; the frozen one does not come again.
    const tasks: number[] = [];
    for (let i = 0; i < 5; i++) {
      assert.equal(await program.resume(), 3);
      tasks.push(await program.evaluate<number>('simulBridge$.stops.topTask()'));
    }
    assert.equal(new Set(tasks).size, 1);
    assert.notEqual(tasks[0], task);
    await freeze(`thaw([${task}])`);
    for (let i = 0; i < 4; i++) {
      assert.equal(await program.resume(), 3);
      assert.equal(await program.evaluate('simulBridge$.stops.topTask()'), task);
    }
    assert.equal(await program.resume(), null);
    const { code, output } = await program.ended;
    assert.deepEqual([code, output], [0, 'a0,a1,a2,a3,a4 b0,b1,b2,b3,b4 fulfilled,fulfilled,rejected\n']);
  });

  it('runs one task alone, with what it calls, until all may go on', async () => {
    const program = await start(FROZEN);
    await program.setBreakpoint(3);
    await program.resume();
    const task = await program.evaluate<number>('simulBridge$.stops.topTask()');
    await program.evaluate(`simulBridge$.stops.held.runOnly([${task}])`);
    await program.resume();
    // The second has come to its first await, and is held there.
    for (let i = 0; i < 3; i++) {
      await program.resume();
      assert.equal(await program.evaluate('simulBridge$.stops.topTask()'), task);
    }
    await program.evaluate('simulBridge$.stops.held.runOnly([])');
    let line = await program.resume();
    while (line !== null) line = await program.resume();
    const { output } = await program.ended;
    assert.equal(output, 'a0,a1,a2,a3,a4 b0,b1,b2,b3,b4 fulfilled,fulfilled,rejected\n');
  });

  it('is nobody’s time while it stands', async () => {
    const program = await start(MANY);
    await program.setBreakpoint(7);
    assert.equal(await program.resume(), 7);
    const task = await program.evaluate<number>('simulBridge$.stops.topTask()');
    await program.tellPause();
    // What is evaluated meanwhile is no sign that the program goes on.
    await program.evaluate('new Promise((go) => setImmediate(go))');
    const toldNs = process.hrtime.bigint();
    assert.equal(await program.resume(), null);
    await program.ended;
    const { trace, spans, resumed } = tracedBy(program);
    const row = Array.from({ length: trace.tasks.count }, (_, i) => i).find(
      (i) => trace.tasks.id[i] === task,
    )!;
    const stood = spans.spans(row, 0, trace.endNs, 1000)!.filter(({ state }) => state === State.paused);
    assert.equal(stood.length, 1);
    const { startNs, endNs } = stood[0]!;
    // The thread stood still before, while files were read.
    assert.equal(resumed.at(-1), endNs);
    assert.ok(Number(trace.startNs) + endNs! >= Number(toldNs), `${startNs} to ${endNs}`);
  });

  it('stands for no time where no debugger is there', async () => {
    const program = await start(LOCK, ['lock-taken']);
    await program.send('Debugger.disable');
    program.runToEnd();
    assert.equal((await program.ended).output, 'in 1\nin 2\nin 3\n');
    const { trace, spans } = tracedBy(program);
    assert.deepEqual(trace.problems, []);
    for (let row = 0; row < trace.tasks.count; row++)
      for (const { state, endNs } of spans.spans(row, 0, trace.endNs, 1000) ?? [])
        assert.ok(state !== State.paused || endNs !== null, 'it stands for ever');
  });
});
