/**
 * A generator driven by hand, as Python's are: `next`, `send`, `throw`, `close`. No scheduler takes part: each call runs the body to its next `yield`,
 * inside of whoever calls. In the trace each call is a run of the coroutine, with the type of what is sent, and each `yield` a wait for its
 * consumer, with the type of what is given.
 */
import { FLAG, KIND, ACTIVATION_KIND, OUTCOME, REASON, WAKER } from '../../trace/format/kinds.ts';
import type { Frame } from '../../recorder/library-bridge.ts';
import { executing } from './future.ts';
import { checkOptions, checkText } from './options.ts';
import { describeValue } from './describe-value.ts';
import { isGenerator } from './task.ts';
import { bridge, recorder, takeSite, traced } from './trace.ts';

/** How a coroutine is taken in hand. */
export interface CoroutineOptions {
  /** Runs it to its first `yield` at once, so that it can be sent a value; what that `yield` gives is dropped. */
  readonly prime?: boolean;
  /** How the trace and messages call it. Without it: the function's name. */
  readonly name?: string;
}

/**
 * The coroutine has nothing more to give. After StopIteration of Python.
 * @example
 * const order = coroutine(function* () { yield 'soup'; return 'paid'; });
 * order.next(); // → 'soup'
 * assert.throws(() => order.next(), (error) => error instanceof StopIteration && error.value === 'paid');
 */
export class StopIteration extends Error {
  override readonly name = 'StopIteration';
  /** What it returned; undefined when it had ended before. */
  readonly value: unknown;
  constructor(message: string, value: unknown) {
    super(message);
    this.value = value;
  }
}

/**
 * Takes a generator in hand. After generators of PEP 342, and the `coroutine` decorator that primes them.
 * @param body a generator function without arguments, or a generator.
 * @throws TypeError at once for anything else; when it is primed, what its body throws, or StopIteration when it ends before it yields.
 * @example
 * function* average() {
 *   for (let sum = 0, count = 0, mean; ; mean = sum / ++count) sum += yield mean;
 * }
 * const mean = coroutine(average, { prime: true });
 * mean.send(10); // → 10
 * mean.send(20); // → 15
 * mean.close();
 * assert.throws(() => mean.send(30), StopIteration);
 */
export function coroutine<Yielded, Returned, Sent>(
  body: (() => Generator<Yielded, Returned, Sent>) | Generator<Yielded, Returned, Sent>,
  options: CoroutineOptions = {},
): BareCoroutine<Yielded, Returned, Sent> {
  checkOptions('coroutine()', options, ['prime', 'name']);
  checkText('the name of a coroutine', options.name);
  const made: unknown = typeof body === 'function' ? body() : body;
  if (!isGenerator(made))
    throw new TypeError(
      `coroutine() needs a generator or a function that makes one (function*), not ${describeValue(body)}`,
    );
  const name = options.name ?? (typeof body === 'function' ? body.name : '');
  const driven = new BareCoroutine<Yielded, Returned, Sent>(made as Generator<Yielded, Returned, Sent>, name);
  if (options.prime === true) driven.next();
  return driven;
}

type State = 'created' | 'running' | 'suspended' | 'ended' | 'closed';
const WAITS_FOR_CONSUMER = REASON.consumer;

/** What `coroutine` gives: a generator in hand. */
export class BareCoroutine<Yielded, Returned = unknown, Sent = unknown> implements Disposable {
  /** As given; else its function's name, or `''`. */
  readonly name: string;
  readonly #body: Generator<Yielded, Returned, Sent>;
  #state: State = 'created';
  readonly #id: number = traced ? recorder.nextId() : 0;
  readonly #frame: Frame | null = traced ? bridge.frame(this.#id) : null;

  /** @internal Use `coroutine()`. */
  constructor(body: Generator<Yielded, Returned, Sent>, name: string) {
    this.#body = body;
    this.name = name;
    if (traced) this.#recordBegin();
  }

  /** `created` (nothing has run yet), `running`, `suspended` (at a `yield`), `ended`, `closed`. After inspect.getgeneratorstate. */
  get state(): State {
    return this.#state;
  }

  /** Runs it to its next `yield`, whose value this is; the `yield` it stands at gives undefined. @throws as `send`. */
  next(): Yielded {
    return this.#resume('next', undefined, () => this.#body.next(undefined as Sent));
  }

  /**
   * The `yield` it stands at gives this value; runs it to its next `yield`, whose value this is.
   * @throws StopIteration when it ends instead, with what it returned, and when it had ended or was closed; what its body throws, as the same
   *   object; TypeError for a value while it has not begun (no `yield` could give it); Error when it is running already.
   */
  send(value: Sent): Yielded {
    if (this.#state === 'created' && value !== undefined)
      throw new TypeError(
        `${this.describe()} has not begun and stands at no yield; call next() before the first send(), or make it with { prime: true }`,
      );
    return this.#resume('send', value, () => this.#body.next(value));
  }

  /**
   * Throws the error at the `yield` it stands at, before its first line when it has not begun; runs it to its next `yield`, whose value this is.
   * @throws the error itself when the body does not catch it, and when it had ended or was closed; else as `send`.
   */
  throw(error: unknown): Yielded {
    if (this.#isOver) throw error;
    return this.#resume('throw', error, () => this.#body.throw(error));
  }

  /**
   * Ends it where it stands: its `finally` blocks run, its `catch` blocks do not (there is no GeneratorExit that they could catch). Nothing happens
   * when it has ended or was closed.
   * @throws Error when a `finally` block yields (Python: RuntimeError), and it is closed no less; what its clean-up throws.
   */
  close(): void {
    if (this.#isOver) return;
    this.#refuseWhileRunning('close');
    if (traced) recorder.write(KIND.cancel, 0, this.#id, executing(), 0, recorder.text('closed'), 0);
    const step = this.#step(undefined, () => this.#body.return(undefined as Returned), 'closed');
    if (step.done !== true) {
      // Whatever else it yields, it is not asked again.
      this.#end(OUTCOME.cancelled, null, 'closed');
      throw new Error(`${this.describe()} yielded while it was being closed; a finally block must not yield`);
    }
  }

  /** `using c = coroutine(…)` closes it at the end of the block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The values of its `yield`s, from where it stands. As in Python, leaving the loop does not close it. */
  *[Symbol.iterator](): Generator<Yielded, void, undefined> {
    while (!this.#isOver) {
      this.#refuseWhileRunning('next');
      const step = this.#step(undefined, () => this.#body.next(undefined as Sent), 'ended');
      if (step.done !== true) yield step.value;
    }
  }

  /** @internal For error messages. */
  describe(): string {
    return this.name === '' ? 'the coroutine' : `coroutine "${this.name}"`;
  }

  get #isOver(): boolean {
    return this.#state === 'ended' || this.#state === 'closed';
  }

  #resume(call: string, sent: unknown, go: () => IteratorResult<Yielded, Returned>): Yielded {
    if (this.#isOver) {
      const is = this.#state === 'closed' ? 'is closed' : 'has ended';
      throw new StopIteration(`${this.describe()} ${is}; ${call}() needs one that goes on`, undefined);
    }
    this.#refuseWhileRunning(call);
    const step = this.#step(sent, go, 'ended');
    if (step.done === true) throw new StopIteration(`${this.describe()} has ended`, step.value);
    return step.value;
  }

  #refuseWhileRunning(call: string): void {
    if (this.#state === 'running')
      throw new Error(`${this.describe()} is running; ${call}() cannot be called from inside of it`);
  }

  /** One run of its body: to its next `yield`, or to its end. */
  #step(
    sent: unknown,
    go: () => IteratorResult<Yielded, Returned>,
    over: 'ended' | 'closed',
  ): IteratorResult<Yielded, Returned> {
    this.#state = 'running';
    if (traced) this.#recordRun(sent);
    let step: IteratorResult<Yielded, Returned>;
    try {
      step = go();
    } catch (error) {
      this.#end(OUTCOME.error, error, over);
      throw error;
    }
    if (step.done === true) this.#end(over === 'closed' ? OUTCOME.cancelled : OUTCOME.ok, null, over);
    else {
      this.#state = 'suspended';
      if (traced) this.#recordYield(step.value);
    }
    return step;
  }

  #end(outcome: number, error: unknown, over: 'ended' | 'closed'): void {
    this.#state = over;
    if (!traced) return;
    recorder.write(
      KIND.activationEnd,
      outcome,
      this.#id,
      error === null ? 0 : recorder.text(typeOf(error)),
      0,
      0,
      0,
    );
    bridge.leave(this.#frame!);
  }

  #recordBegin(): void {
    const name = recorder.text(this.name);
    recorder.write(
      KIND.activationBegin,
      ACTIVATION_KIND.coroutine | FLAG.beginReady,
      this.#id,
      executing(),
      takeSite(),
      name,
      0,
    );
  }

  #recordRun(sent: unknown): void {
    const by = executing();
    recorder.write(KIND.run, by > 0 ? WAKER.known : 0, this.#id, by, 0, recorder.text(typeOf(sent)), 0);
    bridge.enter(this.#frame!);
  }

  #recordYield(value: unknown): void {
    recorder.write(KIND.wait, WAITS_FOR_CONSUMER, this.#id, 0, 0, recorder.text(typeOf(value)), 0);
    bridge.leave(this.#frame!);
  }
}

/** What sort of value it is, in a word. Runs nothing of the user's. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Error) return value.name;
  if (typeof value !== 'object') return typeof value;
  return Object.prototype.toString.call(value).slice(8, -1);
}
