/** A pool's worker at work: jobs in their order, one at a time, each to its end. */
import { isThenable } from '../tasks/future.ts';
import { isGenerator } from '../tasks/task.ts';
import { callJob, whole } from './call-job.ts';
import { Claims } from './claims.ts';
import { loadFunction, type Loaded } from './functions/load-function.ts';
import {
  APPLY,
  ENDED,
  type Items,
  JOB_ENTRIES,
  type Jobs,
  MAP,
  MARK_ENTRIES,
  type Mode,
  STARMAP,
} from './messages.ts';
import { Told } from './told.ts';
import type { JobTrace } from './trace-jobs.ts';
import { carryError } from './values.ts';
import { wire } from './wire.ts';

interface Known {
  readonly fn: Loaded | null;
  /** Opens its items, where they come packed. */
  readonly opener: Loaded | null;
  readonly failed: unknown;
}

export class Doer {
  readonly #claims: Claims | null;
  readonly #trace: JobTrace | null;
  /** By the number that the pool gave it. */
  readonly #functions = new Map<number, Known>();
  readonly #queue: Jobs[] = [];
  readonly #told = new Told();
  #begun = 0;
  #working = false;
  #loading: Promise<void> | null = null;

  constructor(claims: Int32Array | null, trace: JobTrace | null) {
    this.#claims = claims === null ? null : new Claims(claims);
    this.#trace = trace;
    // A job that ends its worker takes nothing with it: neither what others came to, nor those that had not begun.
    process.on('exit', () => {
      this.#told.flush();
      if (this.#claims === null) wire.post({ begun: this.#begun }, []);
    });
  }

  take(message: Jobs): void {
    if (message[1] !== null || this.#loading !== null) {
      void this.#load(message);
      return;
    }
    this.#queue.push(message);
    if (!this.#working) void this.#work();
  }

  /** Loads the functions that come with a message; those that come behind it wait. */
  async #load(message: Jobs): Promise<void> {
    const before = this.#loading;
    const loading = (async () => {
      await before;
      for (const [number, name, opener] of message[1] ?? []) {
        try {
          const opened = opener === null ? null : await loadFunction(opener);
          this.#functions.set(number, { fn: await loadFunction(name), opener: opened, failed: null });
        } catch (error) {
          this.#functions.set(number, { fn: null, opener: null, failed: error });
        }
      }
    })();
    this.#loading = loading;
    await loading;
    if (this.#loading === loading) this.#loading = null;
    this.#queue.push(message);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    const told = this.#told;
    told.start();
    for (let next = 0; next < this.#queue.length; next++) {
      const [jobs, , marks] = this.#queue[next]!;
      let mark = 0;
      let at = 0;
      while (at < jobs.length) {
        const serial = jobs[at] as number;
        const mode = jobs[at + 2] as Mode;
        const from = at + JOB_ENTRIES;
        at = from + (jobs[at + 3] as number);
        const items = (mode === APPLY ? jobs.slice(from, at) : jobs[from]) as Items;
        const { fn, opener, failed } = this.#functions.get(jobs[from - JOB_ENTRIES + 1] as number)!;
        if (this.#claims?.begin(serial) === false) {
          told.add(serial, ENDED.leftOut, 0, false);
          mark += MARK_ENTRIES;
          continue;
        }
        this.#begun = serial;
        const act =
          marks === null
            ? null
            : (this.#trace?.job(marks, mark, mode === APPLY ? 0 : items.length, fn?.name ?? '') ?? null);
        mark += MARK_ENTRIES;
        try {
          if (fn === null) throw failed;
          let result = callJob(fn, mode, items, opener);
          if (isThenable(result) || isGenerator(result)) {
            // It may take long: what is done is told before.
            told.flush();
            const later = whole(result);
            act?.wait(later);
            result = await later;
          }
          told.add(
            serial,
            ENDED.done,
            result,
            (mode === MAP || mode === STARMAP) && result instanceof Float64Array,
          );
          act?.end(true);
        } catch (error) {
          told.add(serial, ENDED.failed, carryError(error), false);
          act?.end(false);
        }
        told.flushIfDue();
      }
    }
    this.#queue.length = 0;
    told.flush();
    this.#working = false;
  }
}
