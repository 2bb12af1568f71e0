/**
 * An activation begins, or a generator gets a request: the promise that V8 made just before is its.
 */
import type { Activation } from '../state/activation.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { takeNewestPromise } from '../state/v8-order.ts';

export function claimNewestPromise(state: ThreadState, activation: Activation): void {
  const promise = takeNewestPromise(state);
  if (promise === null || promise.owner !== null || promise.settler !== 0) return;
  promise.owner = activation;
  activation.promise = promise;
}
