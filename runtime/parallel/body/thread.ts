/** A Thread: a body whose worker is a thread, with the memory of this process. */
import type { AnyFunction, ReturnOf } from '../functions/function-reference.ts';
import { Body, type BodyOptions } from './body.ts';

/**
 * A function in a thread of its own. After threading.Thread; `join` gives the function's result or
 * error as it was.
 *
 * The function is one that a module exports, or one that captures nothing from around itself.
 *
 * @example
 * const thread = new Thread((n) => n * 2, { args: [21], name: 'doubler' }).start();
 * await thread.join(); // → 42
 * thread.exitCode; // → 0
 */
export class Thread<F extends AnyFunction = AnyFunction> extends Body<ReturnOf<F>> {
  /** @throws TypeError at once for what cannot run in another thread, naming it. */
  constructor(fn: F, options: BodyOptions<Partial<Parameters<F>> | Parameters<F>> = {}) {
    super('thread', fn, options as BodyOptions);
  }
}
