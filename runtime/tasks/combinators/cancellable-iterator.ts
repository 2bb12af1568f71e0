/**
 * An iterable that is not of this library, read so that the wait for its next value can be
 * cancelled:
 *
 *   next() ─▶ a future of the next step ── cancelled ─▶ return() of the source, at once
 *
 * Streams and `events.on` then answer the `next` that waits; an async generator ends at its next
 * `await` or `yield`. What an iterator of the library gives for a step is a future already and
 * stays one, so that an item nobody takes goes back.
 */
import { checkSignal, type SignalOptions, untilAborted } from '../core/abort.ts';
import type { CancelledError } from '../core/errors.ts';
import { CANCELLED, DONE, FAILED } from '../core/future-state.ts';
import { Future } from '../core/future.ts';
import { externalWaits, type ForeignWait } from '../core/external-waits.ts';
import { type Runner, scheduler } from '../core/runner.ts';
import { checkOptions } from '../core/options.ts';
import type { Iterated } from './iterated.ts';

type Step<T> = IteratorResult<T, undefined>;

export class CancellableIterator<T> {
  readonly #source: AsyncIterator<T, undefined>;
  #isOver = false;
  #ending: Promise<unknown> | null = null;

  readonly #signal: AbortSignal | undefined;

  constructor(source: Iterated<T>, options: SignalOptions = {}) {
    checkOptions('until()', options, ['signal']);
    checkSignal('until()', options.signal);
    this.#signal = options.signal;
    this.#source = iteratorOf(source);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Future<Step<T>> {
    if (this.#signal === undefined) return this.#ask();
    if (this.#signal.aborted) this.end().catch(() => {});
    return untilAborted('until()', this.#signal, () => this.#ask()) as Future<Step<T>>;
  }

  #ask(): Future<Step<T>> {
    const asked: unknown = this.#source.next();
    return asked instanceof Future
      ? (asked as Future<Step<T>>)
      : new NextStep<T>(this, asked as Promise<Step<T>>);
  }

  /**
   * Ends the source. A second call gives the same promise.
   * @returns a promise of its end, clean-up included. (rejects) with an error of the clean-up.
   */
  end(): Promise<unknown> {
    if (this.#isOver) return Promise.resolve();
    return (this.#ending ??= new Promise((resolve) => resolve(this.#source.return?.())));
  }

  async return(): Promise<Step<T>> {
    await this.end();
    return { done: true, value: undefined };
  }

  /** It has ended by itself: there is nothing to clean up. */
  ended(): void {
    this.#isOver = true;
  }
}

/** The next step of a source that gives promises. */
class NextStep<T> extends Future<Step<T>> implements ForeignWait {
  readonly host: Runner | null = scheduler.currentRunner();
  readonly #iterator: CancellableIterator<T>;

  constructor(iterator: CancellableIterator<T>, asked: Promise<Step<T>>) {
    super();
    this.#iterator = iterator;
    externalWaits.addPromise(this as ForeignWait);
    Promise.resolve(asked).then(
      (step) => {
        if (step.done === true) iterator.ended();
        this.settle(DONE, step, 0);
      },
      (error: unknown) => {
        iterator.ended();
        this.settle(FAILED, error, 0);
      },
    );
  }

  override settle(state: number, value: unknown, settler?: number): boolean {
    if (!super.settle(state, value, settler)) return false;
    externalWaits.removePromise(this as ForeignWait);
    if (state === CANCELLED) this.#iterator.end().catch(() => {});
    return true;
  }

  override onUntaken(_error: CancelledError): void {
    this.#iterator.end().catch(() => {});
  }

  override get isForeign(): boolean {
    return !this.isDone;
  }

  override describe(): string {
    return 'the next value';
  }
}

function iteratorOf<T>(source: Iterated<T>): AsyncIterator<T, undefined> {
  if (isReadableStream(source)) return readerOf(source as unknown as ReadableStream<T>);
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]() as AsyncIterator<T, undefined>;
  const iterator = source[Symbol.iterator]();
  return {
    async next() {
      const step = iterator.next();
      return step.done === true ? { done: true, value: undefined } : { done: false, value: await step.value };
    },
    async return() {
      iterator.return?.();
      return { done: true, value: undefined };
    },
  };
}

function isReadableStream(source: unknown): boolean {
  return typeof ReadableStream === 'function' && source instanceof ReadableStream;
}

/** A reader ends the read that is under way; the iterator of a stream waits for it. */
function readerOf<T>(stream: ReadableStream<T>): AsyncIterator<T, undefined> {
  const reader = stream.getReader();
  return {
    async next() {
      const step = await reader.read();
      if (!step.done) return { done: false, value: step.value };
      reader.releaseLock();
      return { done: true, value: undefined };
    },
    async return() {
      await reader.cancel();
      reader.releaseLock();
      return { done: true, value: undefined };
    },
  };
}
