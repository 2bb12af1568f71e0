/**
 * What queues, locks, … write into a trace: what they are and where they were made, each move, and
 * each wait with its line, its reason and its waker.
 */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { fromText } from '../../runtime/trace/format/text.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { traceProgram } from '../agent/node/trace-program.ts';

interface Case {
  readonly title: string;
  /** The body of main; its first line is the fourth of the program. */
  readonly program: string;
  readonly text: string;
}

const cases: readonly Case[] = [
  {
    title:
      'a queue: its capacity, its depth after each move, who was refused, and by whom each wait was ended',
    program: `
  const orders = new Queue({ capacity: 1, name: 'orders' });
  spawn(function* producer() {
    yield* orders.put('a');
    yield* orders.put('b');
    orders.close();
  });
  yield* sleep(1);
  try { orders.putNow('c'); } catch {}
  yield* orders.get();
  yield* orders.get();
  try { yield* orders.get(); } catch {}`,
    text: `
      resourceBegin creator=3 id=4 at=4 "new Queue({ capacity: 1, name: 'orders' })" name="orders" capacity=1 kind=queue bounded
      put by=5 resource=4 depth=1 serial=1
      wait id=5 at=7 "orders.put('b')" for=4 reason=queue-put
      put by=3 resource=4 depth=1 now refused
      get by=3 resource=4 serial=1
      put by=5 resource=4 depth=1 serial=2
      wake woken=5 waker=3 resource=4
      get by=3 resource=4 serial=2
      wait id=3 at=14 "orders.get()" for=4 reason=queue-get
      run id=5 waker=3 resource=4 waker=known
      resourceEnd by=5 id=4
      wake woken=3 waker=5 resource=4
      run id=3 waker=5 resource=4 waker=known`,
  },
  {
    title: 'a priority queue: the priority of each item',
    program: `
  const urgent = new PriorityQueue({ name: 'urgent' });
  urgent.putNow('later', 5);
  urgent.putNow('now', 1);
  urgent.getNow();
  try { urgent.getNow(), urgent.getNow(); } catch {}`,
    text: `
      resourceBegin creator=3 id=4 at=4 "new PriorityQueue({ name: 'urgent' })" name="urgent" kind=priority-queue
      put by=3 resource=4 depth=1 serial=1 priority=5 now
      put by=3 resource=4 depth=2 serial=2 priority=1 now
      get by=3 resource=4 depth=1 serial=2 priority=1 now
      get by=3 resource=4 serial=1 priority=5 now
      get by=3 resource=4 now refused`,
  },
  {
    title: 'a lock and a semaphore: who holds them, how many permits are left, and who let whom in',
    program: `
  const db = new Lock({ name: 'db' });
  const two = new Semaphore(2, { name: 'two' });
  const writer = spawn(async function writer() {
    await db.acquire();
    await sleep(5);
    db.release();
  });
  const reader = spawn(function* reader() {
    yield* db.acquire();
    yield* two.acquire();
  });
  yield* reader;`,
    text: `
      resourceBegin creator=3 id=4 at=4 "new Lock({ name: 'db' })" name="db" capacity=1 kind=lock bounded
      resourceBegin creator=3 id=5 at=5 "new Semaphore(2, { name: 'two' })" name="two" capacity=2 kind=semaphore bounded
      acquire by=6 resource=4 holder=6
      wait id=8 at=7 "db.acquire()" for=4 reason=lock
      wait id=7 at=12 "db.acquire()" for=4 reason=lock
      wake woken=8 waker=8 resource=4
      run id=8 waker=8 resource=4 waker=known
      release by=6 resource=4 left=1
      acquire by=7 resource=4 holder=7
      wake woken=7 waker=8 resource=4
      run id=7 waker=8 resource=4 waker=known
      acquire by=7 resource=5 left=1 holder=7`,
  },
  {
    title: 'an event, a condition and a barrier: for what one waits, and by whom one is woken',
    program: `
  const go = new Event({ name: 'go' });
  const changed = new Condition({ name: 'changed' });
  const meet = new Barrier(2, { name: 'meet' });
  const waiter = spawn(function* waiter() {
    yield* go.wait();
    yield* changed.acquire();
    yield* changed.wait();
    changed.release();
    yield* meet.wait();
  });
  yield* sleep(1);
  go.set();
  yield* sleep(1);
  yield* changed.acquire();
  changed.notify();
  changed.release();
  yield* meet.wait();
  yield* waiter;`,
    text: `
      resourceBegin creator=3 id=4 at=4 "new Event({ name: 'go' })" name="go" kind=event
      resourceBegin creator=3 id=5 at=5 "new Condition({ name: 'changed' })" name="changed" kind=condition
      resourceBegin creator=3 id=6 name="changed" capacity=1 kind=lock bounded
      resourceBegin creator=3 id=7 at=6 "new Barrier(2, { name: 'meet' })" name="meet" capacity=2 kind=barrier bounded
      wait id=8 at=8 "go.wait()" for=4 reason=event
      wake woken=8 waker=3 resource=4
      run id=8 waker=3 resource=4 waker=known
      acquire by=8 resource=6 holder=8
      release by=8 resource=6 left=1
      wait id=8 at=10 "changed.wait()" for=5 reason=condition
      acquire by=3 resource=6 holder=3
      release by=3 resource=6 left=1
      acquire by=8 resource=6 holder=8
      wake woken=8 waker=3 resource=5
      wait id=3 at=20 "meet.wait()" for=7 reason=barrier
      run id=8 waker=3 resource=5 waker=known
      release by=8 resource=6 left=1
      wake woken=3 waker=8 resource=7
      run id=3 waker=8 resource=7 waker=known`,
  },
];

const IMPORTS =
  "import { Barrier, Condition, Event, Lock, PriorityQueue, Queue, Semaphore, run, sleep, spawn } from 'simul';";

describe('In a trace', () => {
  for (const { title, program, text } of cases) {
    it(title, async () => {
      const traced = await traceProgram(
        `${IMPORTS}\n\nawait run(function* main() {${program}\n}, { clock: 'virtual' });`,
        { times: 'ns' },
      );
      assert.equal(traced.code, 0, traced.stderr);
      const fold = new Fold();
      fold.feed(0, fromText(traced.recordings[0]!));
      assert.deepEqual(fold.trace.problems, []);
      assert.deepEqual(recordsOf(traced.text), linesOf(text));
    });
  }
});

const OF_OURS = /^(resource(Begin|End)|put|get|acquire|release) |^(wait|wake|run) .*(for|resource)=/;

/** Without times, timers and the records of tasks; a site as its line and its text. */
function recordsOf(text: string): string[] {
  return linesOf(text)
    .map((line) =>
      line.replace(/^\d+ \d+ /, '').replace(/site="[^"]*?:(\d+):\d+ [^"]*?(?: \| (.*?))?"/, 'at=$1 "$2"'),
    )
    .filter(
      (line) =>
        OF_OURS.test(line) &&
        !/kind=timer|reason=(task|timer)|waker=external|wake woken=\d+ resource/.test(line),
    );
}

const linesOf = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
