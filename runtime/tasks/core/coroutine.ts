/**
 * A generator driven by hand, as Python's are: `next`, `send`, `throw`, `close`. No scheduler takes
 * part: each call runs the body to its next `yield`, inside the caller. In the trace each call is a
 * run of the coroutine, with the type of the value that is sent, and each `yield` is a wait for its
 * consumer, with the type of the yielded value.
 */
import { ACTIVATION_KIND, FLAG, KIND, OUTCOME, REASON, WAKER } from '../../trace/format/kinds.ts';
import type { BridgeFrame } from '../../recorder/library-bridge.ts';
import { describeValue, quoteName } from './describe-value.ts';
import { isGenerator } from './generators.ts';
import { checkOptions, checkText } from './options.ts';
import { executing } from './runner.ts';
import { bridge, recorder, takeSite, traced } from './trace.ts';

/** How a coroutine is made. */
export interface CoroutineOptions {
  /**
   * Runs it to its first `yield` at once, so that it can be sent a value. The value of that `yield`
   * is dropped.
   */
  readonly prime?: boolean;
  /** How the trace and messages call it. Without it: the function's name. */
  readonly name?: string;
}

/**
 * The coroutine has no further value. After StopIteration of Python.
 * @example
 * const order = coroutine(function* () { yield 'soup'; return 'paid'; });
 * order.next(); // → 'soup'
 * const isPaid = (error) => error instanceof StopIteration && error.value === 'paid';
 * assert.throws(() => order.next(), isPaid);
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
 * Wraps a generator so that it is driven by hand. After generators of PEP 342, and the `coroutine`
 * decorator that primes them.
 * @param body a generator function without arguments, or a generator.
 * @throws TypeError at once for anything else; when it is primed, what its body throws, or
 *   StopIteration when it ends before it yields.
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
  const generator: unknown = typeof body === 'function' ? body() : body;
  if (!isGenerator(generator))
    throw new TypeError(
      `coroutine() needs a generator or a function that makes one (function*), not ${describeValue(body)}`,
    );
  const name = options.name ?? (typeof body === 'function' ? body.name : '');
  const driven = new BareCoroutine<Yielded, Returned, Sent>(
    generator as Generator<Yielded, Returned, Sent>,
    name,
  );
  if (options.prime === true) driven.next();
  return driven;
}

type State = 'created' | 'running' | 'suspended' | 'ended' | 'closed';

/** What `coroutine` returns: a generator that is driven by hand. */
export class BareCoroutine<Yielded, Returned = unknown, Sent = unknown> implements Disposable {
  /** As given; else its function's name, or `''`. */
  readonly name: string;
  readonly #body: Generator<Yielded, Returned, Sent>;
  #state: State = 'created';
  readonly #id: number = traced ? recorder.nextId() : 0;
  readonly #frame: BridgeFrame | null = traced ? bridge.frame(this.#id) : null;

  /** @internal Use `coroutine()`. */
  constructor(body: Generator<Yielded, Returned, Sent>, name: string) {
    this.#body = body;
    this.name = name;
    if (traced) this.#recordBegin();
  }

  /**
   * `created` (it has not run yet), `running`, `suspended` (at a `yield`), `ended`, `closed`. After
   * inspect.getgeneratorstate.
   */
  get state(): State {
    return this.#state;
  }

  /**
   * Runs it to its next `yield`. The `yield` it stands at gives undefined.
   * @returns the value of that next `yield`.
   * @throws as `send`.
   */
  next(): Yielded {
    return this.#resume('next', undefined, () => this.#body.next(undefined as Sent));
  }

  /**
   * Runs it to its next `yield`. The `yield` it stands at gives this value.
   * @returns the value of that next `yield`.
   * @throws StopIteration when it ends instead, with what it returned, and when it had ended or was
   *   closed; what its body throws, as the same object; TypeError for a value while it has not
   *   begun (no `yield` could give it); Error when it is running already.
   */
  send(value: Sent): Yielded {
    if (this.#state === 'created' && value !== undefined)
      throw new TypeError(
        `${this.describe()} has not begun and stands at no yield; call next() before the first send(), or make it with { prime: true }`,
      );
    return this.#resume('send', value, () => this.#body.next(value));
  }

  /**
   * Throws the error at the `yield` it stands at (before its first line when it has not begun) and
   * runs it to its next `yield`.
   * @returns the value of that next `yield`.
   * @throws the error itself when the body does not catch it, and when it had ended or was closed;
   *   else as `send`.
   */
  throw(error: unknown): Yielded {
    if (this.#isOver) throw error;
    return this.#resume('throw', error, () => this.#body.throw(error));
  }

  /**
   * Ends it where it stands: its `finally` blocks run, its `catch` blocks do not (there is no
   * GeneratorExit that they could catch). When it has ended or was closed, nothing happens.
   * @throws Error when a `finally` block yields (Python: RuntimeError), and it is closed no less;
   *   what its clean-up throws.
   */
  close(): void {
    if (this.#isOver) return;
    this.#refuseWhileRunning('close');
    if (traced) recorder.write(KIND.cancel, 0, this.#id, executing(), 0, recorder.defineText('closed'), 0);
    const step = this.#step(undefined, () => this.#body.return(undefined as Returned), 'closed');
    if (step.done !== true) {
      // It is closed even when it would yield more.
      this.#end(OUTCOME.cancelled, null, 'closed');
      throw new Error(`${this.describe()} yielded while it was being closed; a finally block must not yield`);
    }
  }

  /** `using c = coroutine(…)` closes it at the end of the block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * The values of its `yield`s, from where it stands. As in Python, leaving the loop keeps it open.
   */
  *[Symbol.iterator](): Generator<Yielded, void, undefined> {
    while (!this.#isOver) {
      this.#refuseWhileRunning('next');
      const step = this.#step(undefined, () => this.#body.next(undefined as Sent), 'ended');
      if (step.done !== true) yield step.value;
    }
  }

  /** @internal For error messages. */
  describe(): string {
    return this.name === '' ? 'the coroutine' : `coroutine ${quoteName(this.name)}`;
  }

  get #isOver(): boolean {
    return this.#state === 'ended' || this.#state === 'closed';
  }

  #resume(call: string, sent: unknown, resume: () => IteratorResult<Yielded, Returned>): Yielded {
    if (this.#isOver) {
      const state = this.#state === 'closed' ? 'is closed' : 'has ended';
      throw new StopIteration(`${this.describe()} ${state}; ${call}() needs one that goes on`, undefined);
    }
    this.#refuseWhileRunning(call);
    const step = this.#step(sent, resume, 'ended');
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
    resume: () => IteratorResult<Yielded, Returned>,
    endState: 'ended' | 'closed',
  ): IteratorResult<Yielded, Returned> {
    this.#state = 'running';
    if (traced) this.#recordRun(sent);
    let step: IteratorResult<Yielded, Returned>;
    try {
      step = resume();
    } catch (error) {
      this.#end(OUTCOME.error, error, endState);
      throw error;
    }
    if (step.done === true) this.#end(endState === 'closed' ? OUTCOME.cancelled : OUTCOME.ok, null, endState);
    else {
      this.#state = 'suspended';
      if (traced) this.#recordYield(step.value);
    }
    return step;
  }

  #end(outcome: number, error: unknown, endState: 'ended' | 'closed'): void {
    this.#state = endState;
    if (!traced) return;
    recorder.write(
      KIND.activationEnd,
      outcome,
      this.#id,
      error === null ? 0 : recorder.defineText(typeOf(error)),
      0,
      0,
      0,
    );
    bridge.leave(this.#frame!);
  }

  #recordBegin(): void {
    const name = recorder.defineText(this.name);
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
    const sender = executing();
    recorder.write(
      KIND.run,
      sender > 0 ? WAKER.known : 0,
      this.#id,
      sender,
      0,
      recorder.defineText(typeOf(sent)),
      0,
    );
    bridge.enter(this.#frame!);
  }

  #recordYield(value: unknown): void {
    recorder.write(KIND.wait, REASON.consumer, this.#id, 0, 0, recorder.defineText(typeOf(value)), 0);
    bridge.leave(this.#frame!);
  }
}

/** The type of a value, in a word. It runs no code of the user's. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Error) return value.name;
  if (typeof value !== 'object') return typeof value;
  return Object.prototype.toString.call(value).slice(8, -1);
}
