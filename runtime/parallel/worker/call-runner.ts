/**
 * Runs a pool's calls in its worker, in their order: each to its end, or, with a `concurrency`
 * above 1, to where it waits. It skips the calls that the pool has reclaimed, and reports them as
 * skipped.
 */
import { isThenable } from '../../tasks/core/thenable.ts';
import { builtIns } from '../../tasks/core/trace.ts';
import { isGenerator } from '../../tasks/core/generators.ts';
import { loadFunction, type LoadedFunction } from '../functions/load-function.ts';
import { CallClaims } from '../transport/call-claims.ts';
import { JournalWriter } from '../transport/call-journal.ts';
import {
  CALL_ENTRIES,
  CALL_OUTCOME,
  type Calls,
  IS_TIMED,
  type Items,
  MODE,
  type Mode,
  TRACE_CONTEXT_ENTRIES,
  type WorkerInit,
} from '../transport/messages.ts';
import { serializeError } from '../transport/serialized-error.ts';
import { parentChannel } from './parent-channel.ts';
import { ResultBuffer } from './result-buffer.ts';
import { runCall, spawnIfCoroutine } from './run-call.ts';
import type { ActivationTrace, WorkerTrace } from './worker-trace.ts';

/** A function of the pool's in this worker. */
interface FunctionEntry {
  /** null: it could not be loaded. */
  readonly fn: LoadedFunction | null;
  /** Decodes its items, where they come encoded. */
  readonly decoder: LoadedFunction | null;
  readonly loadError: unknown;
}

export class CallRunner {
  readonly #claims: CallClaims | null;
  readonly #trace: WorkerTrace;
  /** By the numbers that the pool gave them. */
  readonly #functions = new Map<number, FunctionEntry>();
  readonly #queue: Calls[] = [];
  /** null for a thread, and where there is no file for it. */
  readonly #journal: JournalWriter | null;
  readonly #results: ResultBuffer;
  #lastStarted = 0;
  #isWorking = false;
  #loading: Promise<void> | null = null;

  readonly #concurrency: number;
  /** Calls that have begun and wait. */
  #waiting = 0;
  /** Goes on with the next call. */
  #onPlace: (() => void) | null = null;
  #isFlushScheduled = false;

  constructor({ claims, concurrency, hasJournal }: WorkerInit, trace: WorkerTrace) {
    this.#claims = claims === null ? null : new CallClaims(claims);
    this.#journal = hasJournal ? new JournalWriter() : null;
    this.#results = new ResultBuffer(this.#journal);
    this.#trace = trace;
    this.#concurrency = concurrency;
    // A call that ends its worker loses neither the results of others nor the calls not started.
    process.on('exit', () => {
      this.#results.flush();
      if (this.#claims === null && this.#journal === null)
        parentChannel.post({ lastStarted: this.#lastStarted }, []);
    });
  }

  enqueue(message: Calls): void {
    if (message[1] !== null || this.#loading !== null) {
      void this.#loadAndEnqueue(message);
      return;
    }
    this.#queue.push(message);
    if (!this.#isWorking) void this.#work();
  }

  /** Loads the functions that come with a message; messages behind it wait. */
  async #loadAndEnqueue(message: Calls): Promise<void> {
    const before = this.#loading;
    const loading = (async () => {
      await before;
      for (const [number, reference, decoderReference] of message[1] ?? []) {
        if (reference === null) {
          this.#functions.delete(number);
          continue;
        }
        try {
          const decoder = decoderReference === null ? null : await loadFunction(decoderReference);
          this.#functions.set(number, { fn: await loadFunction(reference), decoder, loadError: null });
        } catch (error) {
          this.#functions.set(number, { fn: null, decoder: null, loadError: error });
        }
      }
    })();
    this.#loading = loading;
    await loading;
    if (this.#loading === loading) this.#loading = null;
    this.#queue.push(message);
    if (!this.#isWorking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    const results = this.#results;
    results.start();
    for (let next = 0; next < this.#queue.length; next++) {
      const [calls, , contexts] = this.#queue[next]!;
      let context = -TRACE_CONTEXT_ENTRIES;
      let at = 0;
      while (at < calls.length) {
        context += TRACE_CONTEXT_ENTRIES;
        const serial = calls[at] as number;
        const { fn, decoder, loadError } = this.#functions.get(calls[at + 1] as number)!;
        const word = calls[at + 2] as number;
        const mode = (word & ~IS_TIMED) as Mode;
        const from = at + CALL_ENTRIES;
        at = from + (calls[at + 3] as number);
        if (this.#waiting === this.#concurrency) {
          await new Promise<void>((resolve) => (this.#onPlace = resolve));
          results.flushIfDue();
        }
        if (this.#claims?.claim(serial) === false) {
          results.add(serial, CALL_OUTCOME.skipped, 0, false);
          continue;
        }
        const unsafe = results.makeSafe();
        if (unsafe !== null) await unsafe;
        this.#journal?.begin(serial);
        if ((word & IS_TIMED) !== 0) {
          // Its worker may be ended in the middle of it, with what it has not sent.
          results.flush();
          parentChannel.post({ began: serial }, []);
        }
        const items = (mode === MODE.apply ? calls.slice(from, at) : calls[from]) as Items;
        this.#lastStarted = serial;
        const count = mode === MODE.apply ? 0 : items.length;
        const activation = this.#trace.beginCall(contexts, context, count, fn?.name ?? '');
        try {
          if (fn === null) throw loadError;
          const result = runCall(fn, mode, items, decoder);
          if (isThenable(result) || isGenerator(result)) {
            // The call may take long: what is done is sent before.
            results.flush();
            const awaited = spawnIfCoroutine(result);
            activation.wait(awaited);
            void this.#finish(serial, mode, awaited, activation);
            continue;
          }
          this.#addResult(serial, mode, result);
          activation.end(true);
        } catch (error) {
          results.add(serial, CALL_OUTCOME.failed, serializeError(error), false);
          activation.end(false);
        }
        results.flushIfDue();
      }
    }
    this.#queue.length = 0;
    results.flush();
    this.#isWorking = false;
  }

  /** Waits for a call's end; others may run meanwhile. */
  async #finish(serial: number, mode: Mode, awaited: unknown, activation: ActivationTrace): Promise<void> {
    const fromMs = performance.now();
    this.#waiting++;
    try {
      const result = await awaited;
      this.#results.addWaited(performance.now() - fromMs);
      this.#addResult(serial, mode, result);
      activation.end(true);
    } catch (error) {
      this.#results.addWaited(performance.now() - fromMs);
      this.#results.add(serial, CALL_OUTCOME.failed, serializeError(error), false);
      activation.end(false);
    }
    this.#waiting--;
    const onPlace = this.#onPlace;
    this.#onPlace = null;
    if (onPlace !== null) onPlace();
    else if (this.#waiting === 0) this.#results.flush();
    else this.#scheduleFlush();
  }

  /** Calls that waited for the same end together: their answers go in one message. */
  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    builtIns.setImmediate(() => {
      this.#isFlushScheduled = false;
      this.#results.flush();
    });
  }

  #addResult(serial: number, mode: Mode, result: unknown): void {
    // A Float64Array of one call may be the user's own; of a map it is the library's.
    const isList = mode === MODE.map || mode === MODE.starmap;
    this.#results.add(serial, CALL_OUTCOME.done, result, isList && result instanceof Float64Array, isList);
  }
}
