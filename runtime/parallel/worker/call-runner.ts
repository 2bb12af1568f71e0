/** A pool's worker at work: jobs in their order, one at a time, each to its end. */
import { isThenable } from '../../tasks/core/thenable.ts';
import { isGenerator } from '../../tasks/core/generators.ts';
import { runCall, whole } from './run-call.ts';
import { CallClaims } from '../transport/call-claims.ts';
import { loadFunction, type Loaded } from '../functions/load-function.ts';
import {
  APPLY,
  CALL_OUTCOME,
  type Items,
  CALL_ENTRIES,
  type Calls,
  MAP,
  MARK_ENTRIES,
  type Mode,
  STARMAP,
} from '../transport/messages.ts';
import { ResultBuffer } from './result-buffer.ts';
import type { CallTrace } from './trace-calls.ts';
import { carryError } from '../transport/cloneable.ts';
import { parentChannel } from './parent-channel.ts';

interface LoadedFunction {
  readonly fn: Loaded | null;
  /** Opens its items, where they come packed. */
  readonly decoder: Loaded | null;
  readonly failed: unknown;
}

export class CallRunner {
  readonly #claims: CallClaims | null;
  readonly #trace: CallTrace | null;
  /** By the number that the pool gave it. */
  readonly #functions = new Map<number, LoadedFunction>();
  readonly #queue: Calls[] = [];
  readonly #results = new ResultBuffer();
  #begun = 0;
  #working = false;
  #loading: Promise<void> | null = null;

  constructor(claims: Int32Array | null, trace: CallTrace | null) {
    this.#claims = claims === null ? null : new CallClaims(claims);
    this.#trace = trace;
    // A job that ends its worker takes nothing with it: neither what others came to, nor those that had not begun.
    process.on('exit', () => {
      this.#results.flush();
      if (this.#claims === null) parentChannel.post({ begun: this.#begun }, []);
    });
  }

  take(message: Calls): void {
    if (message[1] !== null || this.#loading !== null) {
      void this.#load(message);
      return;
    }
    this.#queue.push(message);
    if (!this.#working) void this.#work();
  }

  /** Loads the functions that come with a message; those that come behind it wait. */
  async #load(message: Calls): Promise<void> {
    const before = this.#loading;
    const loading = (async () => {
      await before;
      for (const [number, name, decoder] of message[1] ?? []) {
        try {
          const opened = decoder === null ? null : await loadFunction(decoder);
          this.#functions.set(number, { fn: await loadFunction(name), decoder: opened, failed: null });
        } catch (error) {
          this.#functions.set(number, { fn: null, decoder: null, failed: error });
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
    const told = this.#results;
    told.start();
    for (let next = 0; next < this.#queue.length; next++) {
      const [jobs, , marks] = this.#queue[next]!;
      let mark = 0;
      let at = 0;
      while (at < jobs.length) {
        const serial = jobs[at] as number;
        const mode = jobs[at + 2] as Mode;
        const from = at + CALL_ENTRIES;
        at = from + (jobs[at + 3] as number);
        const items = (mode === APPLY ? jobs.slice(from, at) : jobs[from]) as Items;
        const { fn, decoder, failed } = this.#functions.get(jobs[from - CALL_ENTRIES + 1] as number)!;
        if (this.#claims?.claim(serial) === false) {
          told.add(serial, CALL_OUTCOME.skipped, 0, false);
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
          let result = runCall(fn, mode, items, decoder);
          if (isThenable(result) || isGenerator(result)) {
            // It may take long: what is done is told before.
            told.flush();
            const later = whole(result);
            act?.wait(later);
            result = await later;
          }
          told.add(
            serial,
            CALL_OUTCOME.done,
            result,
            (mode === MAP || mode === STARMAP) && result instanceof Float64Array,
          );
          act?.end(true);
        } catch (error) {
          told.add(serial, CALL_OUTCOME.failed, carryError(error), false);
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
