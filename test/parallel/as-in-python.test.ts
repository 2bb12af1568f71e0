/**
 * Cases from CPython's documentation of threading and multiprocessing: Python's outcome beside
 * ours. Where there is a python3, it runs Python's side; else the outcome in the table stands for
 * it. Where ours differs on purpose, the row says why.
 */
import { strict as assert } from 'node:assert';
import { before, describe, it } from 'mocha';
import { Pool, Process, Thread } from '../../runtime/index.ts';
import { askPython, type PythonCase } from '../support/python.ts';
import * as functions from './worker-functions.ts';

type Say = (...words: unknown[]) => void;

interface Row extends PythonCase {
  /** Python's outcome. */
  readonly outcome: string;
  readonly body: (say: Say) => Promise<void>;
  /** Our outcome, where it differs. */
  readonly ours?: string;
  /** Why it differs. */
  readonly why?: string;
}

const int = (text: string): number => {
  const number = Number(text);
  if (Number.isNaN(number)) throw new RangeError(`${text} is no number`);
  return number;
};
const abs = (n: number): number => Math.abs(n);
const two = { size: 2 } as const;

const ROWS: readonly Row[] = [
  {
    title: 'map: results in the order of the items',
    python: `
from multiprocessing import Pool
with Pool(2) as pool: say(pool.map(abs, [-3, 1, -2]), pool.map(abs, []))`,
    outcome: '[3, 1, 2], []',
    body: async (say) => {
      await using pool = new Pool(two);
      say(await pool.map(abs, [-3, 1, -2]), await pool.map(abs, []));
    },
  },
  {
    title: 'map: an error in the middle is the map’s, and the pool goes on',
    python: `
from multiprocessing import Pool
with Pool(2) as pool:
  try: pool.map(int, ['1', 'x', '3'])
  except Exception as error: say(type(error).__name__)
  say(pool.apply(int, ('4',)))`,
    outcome: 'ValueError, 4',
    body: async (say) => {
      await using pool = new Pool(two);
      await saysError(say, async () => await pool.map(int, ['1', 'x', '3']));
      say(await pool.apply(int, ['4']));
    },
  },
  {
    title: 'map: ⌈items / 4 workers⌉ items a chunk',
    python: `
from multiprocessing import Pool
with Pool(2) as pool:
  result = pool.map_async(abs, range(17))
  say(result._chunksize, sum(result.get()))`,
    outcome: '3, 136',
    body: async (say) => {
      await using pool = new Pool(two);
      const reported: number[] = [];
      const numbers = Array.from({ length: 17 }, (_, n) => n);
      const results = await pool.map(abs, numbers, { onProgress: (done) => reported.push(done) });
      // The last chunk is smaller, whenever its results come.
      const sizes = reported.map((done, i) => done - (reported[i - 1] ?? 0));
      say(
        Math.max(...sizes),
        results.reduce((a, b) => a + b),
      );
    },
  },
  {
    title: 'starmap: each item is a list of arguments',
    python: `
from multiprocessing import Pool
with Pool(2) as pool: say(pool.starmap(pow, [(2, 3), (3, 2)]))`,
    outcome: '[8, 9]',
    body: async (say) => {
      await using pool = new Pool(two);
      say(
        await pool.starmap(functions.power, [
          [2, 3],
          [3, 2],
        ]),
      );
    },
  },
  {
    title: 'imap: an error comes in its place, and the iteration goes on behind it',
    python: `
from multiprocessing import Pool
with Pool(2) as pool:
  results = pool.imap(int, ['1', 'x', '3'])
  say(next(results))
  try: next(results)
  except Exception as error: say(type(error).__name__)
  say(next(results))`,
    outcome: '1, ValueError, 3',
    body: async (say) => {
      await using pool = new Pool(two);
      const results = pool.imap(int, ['1', 'x', '3']);
      say((await results.next()).value);
      await saysError(say, async () => await results.next());
      say((await results.next()).value);
    },
  },
  {
    title: 'callbacks come in the order of completion, results in the order of the calls',
    python: `
from multiprocessing.pool import ThreadPool
from threading import Event
go = Event()
with ThreadPool(2) as pool:
  slow = pool.apply_async(lambda: go.wait() and 'slow', callback=say)
  quick = pool.apply_async(lambda: 'quick', callback=lambda word: (say(word), go.set()))
  say([slow.get(), quick.get()])`,
    outcome: "quick, slow, ['slow', 'quick']",
    body: async (say) => {
      await using pool = new Pool(two);
      const words = new Int32Array(new SharedArrayBuffer(4));
      const named = (shared: Int32Array, name: string): string => {
        if (name === 'slow') Atomics.wait(shared, 0, 0);
        return name;
      };
      const slow = pool.applyAsync(named, [words, 'slow'], { callback: say });
      const quick = pool.applyAsync(named, [words, 'quick'], {
        callback: (name) => {
          say(name);
          Atomics.store(words, 0, 1);
          Atomics.notify(words, 0);
        },
      });
      const results = [await slow, await quick];
      say(results);
    },
  },
  {
    title: 'an error goes to the error callback, and to the task that waits',
    python: `
from multiprocessing.pool import ThreadPool
with ThreadPool(1) as pool:
  result = pool.apply_async(int, ('x',), error_callback=lambda error: say('callback', type(error).__name__))
  try: result.get()
  except Exception as error: say(type(error).__name__)`,
    outcome: 'callback, ValueError, ValueError',
    body: async (say) => {
      await using pool = new Pool({ size: 1 });
      const errorCallback = (error: unknown): void => say('callback', (error as Error).name);
      await saysError(say, async () => await pool.applyAsync(int, ['x'], { errorCallback }));
    },
  },
  {
    title: 'a closed pool runs the calls it has, and takes no more',
    python: `
from multiprocessing import Pool
pool = Pool(2)
result = pool.apply_async(abs, (-5,))
pool.close()
try: pool.apply(abs, (1,))
except Exception as error: say(type(error).__name__)
pool.join()
say(result.get())`,
    outcome: 'ValueError, 5',
    ours: 'PoolClosedError, 5',
    why: 'the error says what is wrong, not with which value',
    body: async (say) => {
      const pool = new Pool(two);
      const result = pool.applyAsync(abs, [-5]);
      pool.close();
      await saysError(say, async () => await pool.apply(abs, [1]));
      await pool.join();
      say(await result);
    },
  },
  {
    title: 'an open pool cannot be joined, and none has 0 workers',
    python: `
from multiprocessing import Pool
with Pool(1) as pool:
  try: pool.join()
  except Exception as error: say(type(error).__name__)
try: Pool(0)
except Exception as error: say(type(error).__name__)`,
    outcome: 'ValueError, ValueError',
    ours: 'Error, RangeError',
    why: 'JavaScript has a RangeError for numbers only',
    body: async (say) => {
      await using pool = new Pool({ size: 1 });
      await saysError(say, async () => await pool.join());
      await saysError(say, async () => void new Pool({ size: 0 }));
    },
  },
  {
    title: 'the calls of a terminated pool',
    python: `
from multiprocessing.pool import ThreadPool
from threading import Event
go = Event()
pool = ThreadPool(1)
results = [pool.apply_async(go.wait), pool.apply_async(abs, (1,))]
go.set()
results[0].get()
pool.terminate()
late = ThreadPool(1)
stuck = late.apply_async(Event().wait, (0.2,))
late.terminate()
try: stuck.get(0.01)
except Exception as error: say(type(error).__name__)`,
    outcome: 'TimeoutError',
    ours: 'PoolClosedError',
    why: 'in Python they never end; ours fail, so that no task hangs',
    body: async (say) => {
      const pool = new Pool({ size: 1 });
      const stuck = pool.apply(functions.forever);
      pool.terminate();
      await saysError(say, async () => await stuck);
    },
  },
  {
    title: 'a worker is replaced after so many tasks',
    python: `
from multiprocessing import Pool
import os
with Pool(1, maxtasksperchild=1) as pool: say(pool.apply(os.getpid) != pool.apply(os.getpid))`,
    outcome: 'True',
    body: async (say) => {
      await using pool = new Pool({ size: 1, maxTasksPerWorker: 1 });
      say(
        (await pool.apply(functions.callsOfThisWorker)) + (await pool.apply(functions.callsOfThisWorker)) ===
          2,
      );
    },
  },
  {
    title: 'an initializer runs in each worker first',
    python: `
from multiprocessing.pool import ThreadPool
begun = []
with ThreadPool(1, begun.append, ('hello',)) as pool: say(pool.apply(lambda: begun[0]))`,
    outcome: 'hello',
    body: async (say) => {
      await using pool = new Pool({ size: 1, initializer: functions.initialize, initArgs: ['hello'] });
      say((await pool.apply(functions.greet, ['']))!.slice(0, 5));
    },
  },
  {
    title: 'a process: its exit code',
    python: `
from multiprocessing import Process
import sys
process = Process(target=sys.exit, args=(3,))
say(process.exitcode, process.is_alive())
process.start()
process.join()
say(process.exitcode, process.is_alive())`,
    outcome: 'None, False, 3, False',
    body: async (say) => {
      const child = new Process(functions.exit, { args: [3] });
      say(child.exitCode, child.isAlive);
      await child
        .start()
        .join()
        .catch(() => {});
      say(child.exitCode, child.isAlive);
    },
  },
  {
    title: 'a process that was terminated: its exit code',
    python: `
from multiprocessing import Process
import time
process = Process(target=time.sleep, args=(60,))
process.start()
process.terminate()
process.join()
say(process.exitcode)`,
    outcome: '-15',
    ours: 'WorkerError, None',
    why: 'Node names the signal and then gives no code; each join fails',
    body: async (say) => {
      const child = new Process(functions.forever).start();
      child.terminate();
      await saysError(say, async () => await child.join());
      say(child.exitCode);
    },
  },
  {
    title: 'a thread can be started once, and joined only when it was started',
    python: `
from threading import Thread
thread = Thread(target=abs, args=(1,))
try: thread.join()
except Exception as error: say(type(error).__name__)
thread.start()
try: thread.start()
except Exception as error: say(type(error).__name__)
thread.join()
say(thread.is_alive())`,
    outcome: 'RuntimeError, RuntimeError, False',
    ours: 'Error, Error, False',
    why: 'JavaScript has no RuntimeError',
    body: async (say) => {
      const thread = new Thread(abs, { args: [1] });
      await saysError(say, async () => await thread.join());
      thread.start();
      await saysError(say, async () => void thread.start());
      await thread.join();
      say(thread.isAlive);
    },
  },
  {
    title: 'the result or the error of a thread',
    python: `
import threading
threading.excepthook = lambda failure: say('hook', failure.exc_type.__name__)
thread = threading.Thread(target=abs, args=(-1,))
thread.start()
say(thread.join())
thread = threading.Thread(target=int, args=('x',))
thread.start()
say(thread.join())`,
    outcome: 'None, hook, ValueError, None',
    ours: '1, RangeError',
    why: 'a lost result helps nobody: join gives it, as concurrent.futures does',
    body: async (say) => {
      say(await new Thread(abs, { args: [-1] }).start().join());
      await saysError(say, async () => await new Thread(int, { args: ['x'] }).start().join());
    },
  },
  {
    title: 'a join with a timeout',
    python: `
from threading import Event, Thread
go = Event()
thread = Thread(target=go.wait)
thread.start()
say(thread.join(0.001), thread.is_alive())
go.set()
thread.join()`,
    outcome: 'None, True',
    ours: 'TimeoutError, True',
    why: 'the join is to give a result, and there is none',
    body: async (say) => {
      const words = new Int32Array(new SharedArrayBuffer(4));
      const thread = new Thread(functions.block, { args: [words] }).start();
      await saysError(say, async () => await thread.join({ timeout: 1 }));
      say(thread.isAlive);
      Atomics.store(words, 0, 1);
      Atomics.notify(words, 0);
      await thread.join();
    },
  },
];

/** Python's errors under the names that they have here. */
const inOurNames = (outcome: string): string => outcome.replaceAll('ValueError', 'RangeError');

async function saysError(say: Say, body: () => Promise<unknown>): Promise<void> {
  try {
    await body();
  } catch (error) {
    say((error as Error).name);
  }
}

/** A value as Python prints it. */
function printed(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (!Array.isArray(value)) return String(value);
  return `[${value.map((item) => (typeof item === 'string' ? `'${item}'` : printed(item))).join(', ')}]`;
}

async function askOurs(body: Row['body']): Promise<string> {
  const words: string[] = [];
  await body((...said) => words.push(...said.map(printed)));
  return words.join(', ');
}

describe('Threads, processes and pools, as in Python:', () => {
  let live: ReadonlyMap<string, string>;
  before(() => {
    live = askPython(ROWS);
  });
  for (const { title, outcome, ours, why, body } of ROWS) {
    it(`${title}${why === undefined ? '' : ` (ours differs: ${why})`}`, async () => {
      assert.equal(live.get(title) ?? outcome, outcome, 'what Python says');
      assert.equal(await askOurs(body), ours ?? inOurNames(outcome), 'what ours says');
      assert.equal(ours === undefined, why === undefined, 'a difference has its reason');
    });
  }
});
