/** A Process: a body whose worker is a child process, with memory of its own. */
import type { AnyFunction, ReturnOf } from '../functions/function-reference.ts';
import { Body, type BodyOptions } from './body.ts';

/**
 * A function in a process of its own. After multiprocessing.Process with the start method "spawn".
 *
 * @example
 * const greet = (name, greeting = 'hello') => `${greeting}, ${name}`;
 * const child = new Process(greet, { args: ['Ada'] }).start();
 * await child.join(); // → 'hello, Ada'
 * child.exitCode; // → 0
 */
export class Process<F extends AnyFunction = AnyFunction> extends Body<ReturnOf<F>> {
  /** @throws TypeError at once for what cannot run in another process, naming it. */
  constructor(fn: F, options: BodyOptions<Partial<Parameters<F>> | Parameters<F>> = {}) {
    super('process', fn, options as BodyOptions);
  }
}
