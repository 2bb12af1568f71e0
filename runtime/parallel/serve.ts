/**
 * What runs in a worker thread or a child process of ours: does jobs in their order, one at a time, and tells of their ends. It tells of
 * many at once, but no later than a millisecond after the first. Results of nothing but numbers go as one typed array.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { isGenerator } from '../tasks/task.ts';
import { isThenable } from '../tasks/future.ts';
import { spawn } from '../tasks/run.ts';
import { loadFunction, type Loaded } from './functions/load-function.ts';
import {
  APPLY,
  type Begin,
  DONE_ENTRIES,
  type FromWorker,
  type Items,
  JOB_ENTRIES,
  type Jobs,
  MAP,
  MARK_ENTRIES,
  type Mode,
  type NumberArray,
  type Opened,
  STARMAP,
  type ToWorker,
  WHOLE,
} from './messages.ts';
import { reviveArguments, reviveItems } from './shared.ts';
import { traceJobs, type JobTrace } from './trace-jobs.ts';
import { carryError } from './values.ts';

const FLUSH_MS = 1;

interface Wire {
  post(message: FromWorker, transfer: ArrayBuffer[]): void;
  close(): void;
}

const wire: Wire = isMainThread
  ? { post: (message) => void process.send?.(message), close: () => process.disconnect?.() }
  : {
      post: (message, transfer) => parentPort!.postMessage(message, transfer),
      close: () => parentPort!.close(),
    };

let begin: Begin;
let traced: JobTrace | null = null;
/** By the number that the parent gave it. */
const functions = new Map<number, Loaded | { readonly failed: unknown }>();
/** By the same number: what opens the items of a function's jobs, where they come packed. */
const openers = new Map<number, Loaded>();
const queue: Jobs[] = [];
let working = false;

/** Begins to listen to whoever started this thread or process. */
export function serve(): void {
  if (isMainThread) {
    process.on('message', take);
    // The parent is gone.
    process.on('disconnect', () => {
      if (begin?.kind !== 'body') process.exit();
    });
  } else {
    parentPort!.on('message', take);
    take({ begin: (workerData as { begin: Begin }).begin });
  }
}

function take(message: ToWorker): void {
  if ('begin' in message) void start(message.begin);
  else if ('close' in message) wire.close();
  else void define(message);
}

async function start(how: Begin): Promise<void> {
  begin = how;
  traced = traceJobs(how);
  if (how.kind === 'body') return body(how);
  try {
    if (how.fn !== null) {
      const initializer = await loadFunction(how.fn);
      await initializer(...reviveArguments(how.args));
    }
    wire.post({ ready: true }, []);
  } catch (error) {
    wire.post({ broken: carryError(error) }, []);
  }
}

async function body(how: Begin): Promise<void> {
  const act = traced?.body() ?? null;
  let answer: { readonly ended: boolean; readonly value: unknown };
  try {
    const fn = await loadFunction(how.fn!);
    const result = whole(fn(...reviveArguments(how.args)));
    act?.wait(result);
    answer = { ended: true, value: await result };
  } catch (error) {
    answer = { ended: false, value: carryError(error) };
  }
  act?.end(answer.ended);
  try {
    wire.post(answer, []);
  } catch (error) {
    wire.post({ ended: false, value: carryError(unsendable(error)) }, []);
  }
  if (!answer.ended) process.exitCode = 1;
  wire.close();
}

let defining: Promise<void> | null = null;

async function define(message: Jobs): Promise<void> {
  const { fns } = message;
  if (fns !== null || defining !== null) {
    const before = defining;
    const own = (async () => {
      await before;
      for (const [number, name, opener] of fns ?? []) {
        try {
          if (opener !== null) openers.set(number, await loadFunction(opener));
          functions.set(number, await loadFunction(name));
        } catch (error) {
          functions.set(number, { failed: error });
        }
      }
    })();
    defining = own;
    await own;
    if (defining === own) defining = null;
  }
  queue.push(message);
  if (!working) void work();
}

/** What was done and is not told yet. */
class Told {
  #done: unknown[] = [];
  #transfer: ArrayBuffer[] = [];
  #sinceMs = performance.now();

  add(serial: number, ok: 0 | 1, value: unknown, isBlock: boolean): void {
    if (isBlock) this.#transfer.push((value as Float64Array).buffer as ArrayBuffer);
    this.#done.push(serial, ok, value);
  }

  flushIfDue(): void {
    if (performance.now() - this.#sinceMs > FLUSH_MS) this.flush();
  }

  flush(): void {
    const done = this.#done;
    if (done.length === 0) return;
    const nowMs = performance.now();
    tell(done, this.#transfer, (nowMs - this.#sinceMs) / (done.length / DONE_ENTRIES));
    this.#done = [];
    this.#transfer = [];
    this.#sinceMs = nowMs;
  }
}

async function work(): Promise<void> {
  working = true;
  const told = new Told();
  for (let next = 0; next < queue.length; next++) {
    const { jobs, marks } = queue[next]!;
    for (let at = 0, mark = 0; at < jobs.length; at += JOB_ENTRIES, mark += MARK_ENTRIES) {
      const serial = jobs[at] as number;
      const mode = jobs[at + 2] as Mode;
      const items = jobs[at + 3] as Items;
      if (begin.begun !== null) Atomics.store(begin.begun, 0, serial);
      const loaded = functions.get(jobs[at + 1] as number)!;
      const act =
        marks === null
          ? null
          : (traced?.job(marks, mark, items.length, typeof loaded === 'function' ? loaded.name : '') ?? null);
      try {
        if (typeof loaded !== 'function') throw loaded.failed;
        let result = called(loaded, mode, items, openers.get(jobs[at + 1] as number));
        if (isThenable(result) || isGenerator(result)) {
          // It may take long: what is done is told before.
          told.flush();
          const later = whole(result);
          act?.wait(later);
          result = await later;
        }
        told.add(serial, 1, result, (mode === MAP || mode === STARMAP) && result instanceof Float64Array);
        act?.end(true);
      } catch (error) {
        told.add(serial, 0, carryError(error), false);
        act?.end(false);
      }
      told.flushIfDue();
    }
  }
  queue.length = 0;
  told.flush();
  working = false;
}

/** What a job comes to. Not async as long as none of its calls is. */
function called(fn: Loaded, mode: Mode, items: Items, opener: Loaded | undefined): unknown {
  if (!('packed' in items))
    return mode === APPLY
      ? fn(...reviveArguments(items as readonly unknown[]))
      : each(fn, mode === MAP, reviveItems(items));
  const { items: opened, pack } = opener!(items.packed) as Opened;
  if (mode !== WHOLE) return each(fn, mode === MAP, opened);
  const result = fn(opened[0]);
  if (pack === undefined) return result;
  return isThenable(result) || isGenerator(result) ? Promise.resolve(whole(result)).then(pack) : pack(result);
}

/** One call an item. */
function each(fn: Loaded, plain: boolean, items: readonly unknown[] | NumberArray): unknown {
  const { length } = items;
  const results: unknown[] = [];
  let numbers = true;
  for (let i = 0; i < length; i++) {
    const result = plain ? fn(items[i]) : fn(...(items[i] as unknown[]));
    if (isThenable(result) || isGenerator(result)) return eachLater(fn, plain, items, results, i, result);
    if (typeof result !== 'number') numbers = false;
    results[i] = result;
  }
  return numbers && length > 0 ? Float64Array.from(results as number[]) : results;
}

async function eachLater(
  fn: Loaded,
  plain: boolean,
  items: readonly unknown[] | NumberArray,
  results: unknown[],
  from: number,
  first: unknown,
): Promise<unknown[]> {
  results[from] = await whole(first);
  for (let i = from + 1; i < items.length; i++)
    results[i] = await whole(plain ? fn(items[i]) : fn(...(items[i] as unknown[])));
  return results;
}

/** What a function's result comes to: a promise's value, a coroutine's return. */
function whole(result: unknown): unknown {
  return isGenerator(result) ? spawn(result as never) : result;
}

function tell(done: readonly unknown[], transfer: ArrayBuffer[], ms: number): void {
  try {
    wire.post({ done, ms }, transfer);
  } catch {
    // One of them cannot be cloned: each by itself, to name it.
    for (let i = 0; i < done.length; i += 3) {
      try {
        wire.post({ done: done.slice(i, i + 3), ms }, []);
      } catch (error) {
        wire.post({ done: [done[i], 0, carryError(unsendable(error))], ms }, []);
      }
    }
  }
}

function unsendable(error: unknown): TypeError {
  const why = error instanceof Error ? error.message : String(error);
  return new TypeError(`the result cannot be sent back from the worker: ${why}`, { cause: error });
}
