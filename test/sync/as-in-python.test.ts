/**
 * Cases from CPython's documentation of asyncio's queues and synchronisation primitives: Python's
 * outcome beside the library's. Where a python3 is installed, each case is run in it; else the
 * outcome in the table stands. Where the library differs on purpose, the row says why.
 */
import { strict as assert } from 'node:assert';
import { before, describe, it } from 'mocha';
import {
  Barrier,
  CancelledError,
  Condition,
  type Coroutine,
  Event,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  run,
  Semaphore,
  sleep,
  spawn,
} from '../../runtime/index.ts';
import { askPython, type PythonCase } from '../support/python.ts';

type Say = (...words: unknown[]) => void;

interface Row extends PythonCase {
  /** What Python prints. */
  readonly outcome: string;
  readonly body: (say: Say) => Coroutine<void>;
  /** What the library prints, where that differs. */
  readonly ours?: string;
  readonly difference?: string;
}

/** Python's errors by their names in the library. */
const OUR_NAMES: Readonly<Record<string, string>> = {
  ValueError: 'RangeError',
  RuntimeError: 'NotHeld',
  BrokenBarrierError: 'BrokenBarrier',
  QueueShutDown: 'QueueClosed',
};
const inOurNames = (outcome: string): string =>
  outcome.replaceAll(/\w+/g, (word) => (Object.hasOwn(OUR_NAMES, word) ? OUR_NAMES[word]! : word));

function* saysError(say: Say, body: () => Coroutine<unknown>): Coroutine<void> {
  try {
    yield* body();
  } catch (error) {
    say((error as Error).name);
  }
}

const ROWS: readonly Row[] = [
  {
    title: 'Queue: first in, first out',
    python: `
q = asyncio.Queue()
for n in (1, 2, 3): await q.put(n)
say(await q.get(), q.get_nowait(), await q.get(), q.empty())`,
    outcome: '1, 2, 3, True',
    *body(say) {
      const q = new Queue<number>();
      for (const n of [1, 2, 3]) yield* q.put(n);
      say(yield* q.get(), q.getNow(), yield* q.get(), q.isEmpty);
    },
  },
  {
    title: 'PriorityQueue: lowest first',
    python: `
q = asyncio.PriorityQueue()
for n in (3, 1, 2): q.put_nowait(n)
say(q.get_nowait(), q.get_nowait(), q.get_nowait())`,
    outcome: '1, 2, 3',
    *body(say) {
      const q = new PriorityQueue<number>();
      for (const n of [3, 1, 2]) q.putNow(n);
      say(q.getNow(), q.getNow(), q.getNow());
    },
  },
  {
    title: 'PriorityQueue: equal priorities',
    python: `
q = asyncio.PriorityQueue()
for item in ((1, 'b'), (0, 'z'), (1, 'a')): q.put_nowait(item)
say(q.get_nowait()[1], q.get_nowait()[1], q.get_nowait()[1])`,
    outcome: 'z, a, b',
    ours: 'z, b, a',
    difference: 'Python then compares the items themselves; here equal priorities keep the order of putting.',
    *body(say) {
      const q = new PriorityQueue<string>();
      q.putNow('b', 1);
      q.putNow('z', 0);
      q.putNow('a', 1);
      say(q.getNow(), q.getNow(), q.getNow());
    },
  },
  {
    title: 'LifoQueue: last in, first out',
    python: `
q = asyncio.LifoQueue()
for n in (1, 2, 3): q.put_nowait(n)
say(q.get_nowait(), q.get_nowait(), q.get_nowait())`,
    outcome: '3, 2, 1',
    *body(say) {
      const q = new LifoQueue<number>();
      for (const n of [1, 2, 3]) q.putNow(n);
      say(q.getNow(), q.getNow(), q.getNow());
    },
  },
  {
    title: 'Queue: put_nowait() into a full one, get_nowait() from an empty one',
    python: `
q = asyncio.Queue(maxsize=1)
try: q.get_nowait()
except asyncio.QueueEmpty: say('QueueEmpty')
q.put_nowait(1)
say(q.full())
try: q.put_nowait(2)
except asyncio.QueueFull: say('QueueFull')
say(q.qsize())`,
    outcome: 'QueueEmpty, True, QueueFull, 1',
    *body(say) {
      const q = new Queue<number>({ capacity: 1 });
      yield* saysError(say, function* () {
        q.getNow();
      });
      q.putNow(1);
      say(q.isFull);
      yield* saysError(say, function* () {
        q.putNow(2);
      });
      say(q.size);
    },
  },
  {
    title: 'Queue: maxsize 0',
    python: `
q = asyncio.Queue(maxsize=0)
q.put_nowait(1)
say(q.full())`,
    outcome: 'False',
    ours: 'RangeError',
    difference: 'A queue without a capacity has no bound; a capacity of 0 is more likely a mistake.',
    *body(say) {
      const q = new Queue<number>({ capacity: 0 });
      q.putNow(1);
      say(q.isFull);
    },
  },
  {
    title: 'Queue: put() waits for room, in the order of asking',
    python: `
q = asyncio.Queue(maxsize=1)
async def put(n):
    await q.put(n)
    say(f'{n} is in')
tasks = [asyncio.create_task(put(n)) for n in (1, 2, 3)]
await asyncio.sleep(0)
for n in (1, 2, 3):
    say(await q.get())
    await asyncio.sleep(0)
    await asyncio.sleep(0)`,
    outcome: '1 is in, 1, 2 is in, 2, 3 is in, 3',
    *body(say) {
      const q = new Queue<number>({ capacity: 1 });
      for (const n of [1, 2, 3])
        spawn(function* () {
          yield* q.put(n);
          say(`${n} is in`);
        });
      yield* sleep(0);
      for (let n = 1; n <= 3; n++) {
        say(yield* q.get());
        yield* sleep(0);
        yield* sleep(0);
      }
    },
  },
  {
    title: 'Queue: a getter that is cancelled after the put and before it ran',
    python: `
q = asyncio.Queue()
async def get(name): say(name, await q.get())
first = asyncio.create_task(get('first'))
second = asyncio.create_task(get('second'))
await asyncio.sleep(0)
q.put_nowait('a')
first.cancel()
await second
say(q.qsize())`,
    outcome: 'second, a, 0',
    *body(say) {
      const q = new Queue<string>();
      const get = (name: string) =>
        spawn(function* () {
          say(name, yield* q.get());
        });
      const first = get('first');
      const second = get('second');
      yield* sleep(0);
      q.putNow('a');
      first.cancel();
      yield* second;
      say(q.size);
    },
  },
  {
    title: 'Queue: get_nowait() while another waits',
    python: `
q = asyncio.Queue()
async def get(): say('the other', await q.get())
other = asyncio.create_task(get())
await asyncio.sleep(0)
q.put_nowait(1)
say(q.qsize(), 'I', q.get_nowait())
q.put_nowait(2)
await other`,
    outcome: '1, I, 1, the other, 2',
    ours: '0, QueueEmpty, the other, 1',
    difference: 'An item is handed to the waiting getter at once: no other task can take it before.',
    *body(say) {
      const q = new Queue<number>();
      const other = spawn(function* () {
        say('the other', yield* q.get());
      });
      yield* sleep(0);
      q.putNow(1);
      say(q.size);
      yield* saysError(say, function* () {
        say('I', q.getNow());
      });
      yield* other;
    },
  },
  {
    title: 'Queue: a put() that is cancelled while it waits',
    python: `
q = asyncio.Queue(maxsize=1)
q.put_nowait(1)
task = asyncio.create_task(q.put(2))
await asyncio.sleep(0)
task.cancel()
try: await task
except asyncio.CancelledError: say('cancelled')
say(q.get_nowait(), q.empty())`,
    outcome: 'cancelled, 1, True',
    *body(say) {
      const q = new Queue<number>({ capacity: 1 });
      q.putNow(1);
      const task = spawn(function* () {
        yield* q.put(2);
      });
      yield* sleep(0);
      task.cancel();
      try {
        yield* task;
      } catch (error) {
        if (error instanceof CancelledError) say('cancelled');
      }
      say(q.getNow(), q.isEmpty);
    },
  },
  {
    title: 'Queue: join() and task_done()',
    python: `
q = asyncio.Queue()
await q.join()
for n in (1, 2): q.put_nowait(n)
async def work():
    for _ in range(2):
        say(await q.get())
        q.task_done()
task = asyncio.create_task(work())
await q.join()
say('joined')
q.task_done()`,
    outcome: '1, 2, joined, ValueError',
    *body(say) {
      const q = new Queue<number>();
      yield* q.join();
      for (const n of [1, 2]) q.putNow(n);
      spawn(function* () {
        for (let n = 0; n < 2; n++) {
          say(yield* q.get());
          q.taskDone();
        }
      });
      yield* q.join();
      say('joined');
      q.taskDone();
    },
  },
  {
    title: 'Queue: shutdown() and what is left in it',
    since: '3.13',
    python: `
q = asyncio.Queue()
q.put_nowait(1)
q.shutdown()
try: q.put_nowait(2)
except asyncio.QueueShutDown: say('QueueShutDown')
say(await q.get())
await q.get()`,
    outcome: 'QueueShutDown, 1, QueueShutDown',
    *body(say) {
      const q = new Queue<number>();
      q.putNow(1);
      q.close();
      yield* saysError(say, function* () {
        q.putNow(2);
      });
      say(yield* q.get());
      yield* q.get();
    },
  },
  {
    title: 'Queue: shutdown() tells who waits',
    since: '3.13',
    python: `
q = asyncio.Queue(maxsize=1)
async def get():
    try: await q.get()
    except asyncio.QueueShutDown: say('no item')
task = asyncio.create_task(get())
await asyncio.sleep(0)
q.shutdown()
await task`,
    outcome: 'no item',
    *body(say) {
      const q = new Queue<number>({ capacity: 1 });
      const task = spawn(function* () {
        try {
          yield* q.get();
        } catch {
          say('no item');
        }
      });
      yield* sleep(0);
      q.close();
      yield* task;
    },
  },
  {
    title: 'Lock: goes round in the order of asking',
    python: `
lock = asyncio.Lock()
async def use(n):
    async with lock:
        await asyncio.sleep(0)
        say(n)
await asyncio.gather(use(1), use(2), use(3))
say(lock.locked())`,
    outcome: '1, 2, 3, False',
    *body(say) {
      const lock = new Lock();
      const tasks = [1, 2, 3].map((n) =>
        spawn(function* () {
          using _held = yield* lock.acquire();
          yield* sleep(0);
          say(n);
        }),
      );
      for (const task of tasks) yield* task;
      say(lock.isLocked);
    },
  },
  {
    title: 'Lock: one that releases and asks again stands behind those who wait',
    python: `
lock = asyncio.Lock()
await lock.acquire()
async def other():
    async with lock: say('other')
task = asyncio.create_task(other())
await asyncio.sleep(0)
lock.release()
await lock.acquire()
say('I')`,
    outcome: 'other, I',
    *body(say) {
      const lock = new Lock();
      yield* lock.acquire();
      spawn(function* () {
        using _held = yield* lock.acquire();
        say('other');
      });
      yield* sleep(0);
      lock.release();
      yield* lock.acquire();
      say('I');
    },
  },
  {
    title: 'Lock: release() of one that is free',
    python: 'asyncio.Lock().release()',
    outcome: 'RuntimeError',
    *body() {
      new Lock().release();
    },
  },
  {
    title: 'Lock: release() by another task',
    python: `
lock = asyncio.Lock()
async def take(): await lock.acquire()
await asyncio.create_task(take())
lock.release()
say(lock.locked())`,
    outcome: 'False',
    ours: 'NotHeld',
    difference:
      'A release by a task that does not hold the lock would let a third one in: it is refused, naming the holder.',
    *body(say) {
      const lock = new Lock();
      yield* spawn(function* () {
        yield* lock.acquire();
      });
      lock.release();
      say(lock.isLocked);
    },
  },
  {
    title: 'Lock: one that is cancelled when it was handed the lock',
    python: `
lock = asyncio.Lock()
await lock.acquire()
async def use(n):
    async with lock: say(n)
first, second = asyncio.create_task(use(1)), asyncio.create_task(use(2))
await asyncio.sleep(0)
lock.release()
first.cancel()
await second
say(lock.locked())`,
    outcome: '2, False',
    *body(say) {
      const lock = new Lock();
      yield* lock.acquire();
      const use = (n: number) =>
        spawn(function* () {
          using _held = yield* lock.acquire();
          say(n);
        });
      const [first, second] = [use(1), use(2)];
      yield* sleep(0);
      lock.release();
      first.cancel();
      yield* second;
      say(lock.isLocked);
    },
  },
  {
    title: 'Semaphore: the third of two waits',
    python: `
two = asyncio.Semaphore(2)
await two.acquire()
await two.acquire()
say(two.locked())
async def third():
    async with two: say('third')
task = asyncio.create_task(third())
await asyncio.sleep(0)
say('released')
two.release()
await task`,
    outcome: 'True, released, third',
    *body(say) {
      const two = new Semaphore(2);
      yield* two.acquire();
      yield* two.acquire();
      say(two.isLocked);
      const task = spawn(function* () {
        using _held = yield* two.acquire();
        say('third');
      });
      yield* sleep(0);
      say('released');
      two.release();
      yield* task;
    },
  },
  {
    title: 'BoundedSemaphore: released too often',
    python: `
one = asyncio.BoundedSemaphore(1)
await one.acquire()
one.release()
one.release()`,
    outcome: 'ValueError',
    *body() {
      const one = new Semaphore(1);
      yield* one.acquire();
      one.release();
      one.release();
    },
  },
  {
    title: 'Semaphore: released more often than acquired',
    python: `
one = asyncio.Semaphore(1)
one.release()
await one.acquire()
await one.acquire()
say('both')`,
    outcome: 'both',
    ours: 'RangeError',
    difference: 'A semaphore is always bounded: a release without an acquire is a bug that would go unseen.',
    *body(say) {
      const one = new Semaphore(1);
      one.release();
      say('both');
    },
  },
  {
    title: 'Semaphore: of none',
    python: 'say(asyncio.Semaphore(0).locked())',
    outcome: 'True',
    ours: 'RangeError',
    difference: 'No task can add a permit, so all would wait for ever; Event serves to wait for a signal.',
    *body(say) {
      say(new Semaphore(0).isLocked);
    },
  },
  {
    title: 'Event: set() wakes all, wait() does not wait while it is set',
    python: `
event = asyncio.Event()
async def wait(n): say(n, await event.wait())
tasks = [asyncio.create_task(wait(n)) for n in (1, 2)]
await asyncio.sleep(0)
say(event.is_set())
event.set()
event.clear()
await asyncio.gather(*tasks)
say(event.is_set())
event.set()
say(await event.wait())`,
    outcome: 'False, 1, True, 2, True, False, True',
    *body(say) {
      const event = new Event();
      const tasks = [1, 2].map((n) =>
        spawn(function* () {
          say(n, yield* event.wait());
        }),
      );
      yield* sleep(0);
      say(event.isSet);
      event.set();
      event.clear();
      for (const task of tasks) yield* task;
      say(event.isSet);
      event.set();
      say(yield* event.wait());
    },
  },
  {
    title: 'Condition: wait() and notify() need the lock',
    python: `
condition = asyncio.Condition()
try: condition.notify()
except RuntimeError: say('RuntimeError')
await condition.wait()`,
    outcome: 'RuntimeError, RuntimeError',
    *body(say) {
      const condition = new Condition();
      yield* saysError(say, function* () {
        condition.notify();
      });
      yield* condition.wait();
    },
  },
  {
    title: 'Condition: notify(n) wakes so many, in the order of coming; notify_all() the rest',
    python: `
condition = asyncio.Condition()
async def wait(n):
    async with condition: say(n, await condition.wait())
tasks = [asyncio.create_task(wait(n)) for n in (1, 2, 3, 4)]
await asyncio.sleep(0)
for count in (1, 2):
    async with condition: condition.notify(count)
    for _ in range(5): await asyncio.sleep(0)
    say('/')
async with condition: condition.notify_all()
await asyncio.gather(*tasks)`,
    outcome: '1, True, /, 2, True, 3, True, /, 4, True',
    *body(say) {
      const condition = new Condition();
      const tasks = [1, 2, 3, 4].map((n) =>
        spawn(function* () {
          using _held = yield* condition.acquire();
          say(n, yield* condition.wait());
        }),
      );
      yield* sleep(0);
      for (const count of [1, 2]) {
        {
          using _held = yield* condition.acquire();
          condition.notify(count);
        }
        for (let n = 0; n < 5; n++) yield* sleep(0);
        say('/');
      }
      {
        using _held = yield* condition.acquire();
        condition.notifyAll();
      }
      for (const task of tasks) yield* task;
    },
  },
  {
    title: 'Condition: wait_for() gives what the predicate gave',
    python: `
condition = asyncio.Condition()
stock = []
async def take():
    async with condition: say(await condition.wait_for(lambda: len(stock)))
task = asyncio.create_task(take())
for n in (1, 2):
    await asyncio.sleep(0)
    async with condition:
        if n == 2: stock.extend('ab')
        condition.notify()
await task`,
    outcome: '2',
    *body(say) {
      const condition = new Condition();
      const stock: string[] = [];
      const task = spawn(function* () {
        using _held = yield* condition.acquire();
        say(yield* condition.waitFor(() => stock.length));
      });
      for (const n of [1, 2]) {
        yield* sleep(0);
        using _held = yield* condition.acquire();
        if (n === 2) stock.push('a', 'b');
        condition.notify();
      }
      yield* task;
    },
  },
  {
    title: 'Condition: a wait() that is cancelled has the lock again before it is told so',
    python: `
condition = asyncio.Condition()
async def wait():
    async with condition:
        try: await condition.wait()
        finally: say('told', condition.locked())
task = asyncio.create_task(wait())
await asyncio.sleep(0)
async with condition:
    task.cancel()
    for _ in range(3): await asyncio.sleep(0)
    say('released')
try: await task
except asyncio.CancelledError: say('cancelled')`,
    outcome: 'released, told, True, cancelled',
    *body(say) {
      const condition = new Condition();
      const task = spawn(function* () {
        using _held = yield* condition.acquire();
        try {
          yield* condition.wait();
        } finally {
          say('told', condition.lock.isLocked);
        }
      });
      yield* sleep(0);
      {
        using _held = yield* condition.acquire();
        task.cancel();
        for (let n = 0; n < 3; n++) yield* sleep(0);
        say('released');
      }
      try {
        yield* task;
      } catch (error) {
        if (error instanceof CancelledError) say('cancelled');
      }
    },
  },
  {
    title: 'Barrier: all go on when the last has come, each with its number',
    python: `
barrier = asyncio.Barrier(3)
async def meet():
    index = await barrier.wait()
    return index
say(sorted(await asyncio.gather(meet(), meet(), meet())), barrier.n_waiting, barrier.parties)`,
    outcome: '[0, 1, 2], 0, 3',
    *body(say) {
      const barrier = new Barrier(3);
      const tasks = [1, 2, 3].map(() =>
        spawn(function* () {
          return yield* barrier.wait();
        }),
      );
      const numbers: number[] = [];
      for (const task of tasks) numbers.push(yield* task);
      say(`[${numbers.toSorted((a, b) => a - b).join(', ')}]`, barrier.waiting, barrier.parties);
    },
  },
  {
    title: 'Barrier: abort() and reset() break the wait of who waits',
    python: `
barrier = asyncio.Barrier(2)
async def meet():
    try: await barrier.wait()
    except asyncio.BrokenBarrierError: say('broken')
for end in (barrier.abort, barrier.reset):
    task = asyncio.create_task(meet())
    await asyncio.sleep(0)
    await end()
    await task
    say(barrier.broken)
    await barrier.reset()`,
    outcome: 'broken, True, broken, False',
    *body(say) {
      const barrier = new Barrier(2);
      for (const end of ['abort', 'reset'] as const) {
        const task = spawn(function* () {
          try {
            yield* barrier.wait();
          } catch {
            say('broken');
          }
        });
        yield* sleep(0);
        barrier[end]();
        yield* task;
        say(barrier.isBroken);
        barrier.reset();
      }
    },
  },
  {
    title: 'Barrier: a wait() that is cancelled is simply not there',
    python: `
barrier = asyncio.Barrier(2)
task = asyncio.create_task(barrier.wait())
await asyncio.sleep(0)
say(barrier.n_waiting)
task.cancel()
await asyncio.sleep(0)
await asyncio.sleep(0)
say(barrier.n_waiting, barrier.broken)`,
    outcome: '1, 0, False',
    *body(say) {
      const barrier = new Barrier(2);
      const task = spawn(function* () {
        yield* barrier.wait();
      });
      yield* sleep(0);
      say(barrier.waiting);
      task.cancel();
      yield* sleep(0);
      yield* sleep(0);
      say(barrier.waiting, barrier.isBroken);
    },
  },
  {
    title: 'Barrier: of none',
    python: 'asyncio.Barrier(0)',
    outcome: 'ValueError',
    *body() {
      void new Barrier(0);
    },
  },
];

/** The value as Python prints it. */
const printed = (word: unknown): string => (word === true ? 'True' : word === false ? 'False' : String(word));

async function askOurs(body: (say: Say) => Coroutine<void>): Promise<string> {
  const words: string[] = [];
  const say: Say = (...said) => void words.push(...said.map(printed));
  await run(function* () {
    yield* saysError(say, () => body(say));
  });
  return words.join(', ');
}

describe('Queues and synchronisation, as in Python:', () => {
  let live: ReadonlyMap<string, string>;
  before(() => {
    live = askPython(ROWS);
  });
  for (const { title, outcome, ours, difference, body } of ROWS) {
    it(`${title}${difference === undefined ? '' : ` (here: ${difference})`}`, async () => {
      assert.equal(live.get(title) ?? outcome, outcome, 'what Python says');
      assert.equal(await askOurs(body), ours ?? inOurNames(outcome), 'what ours says');
      assert.equal(ours === undefined, difference === undefined, 'a difference has its reason');
    });
  }
});
