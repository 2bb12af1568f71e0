/**
 * The four transitions of a thread's state. Whatever happens on a thread is one of these:
 *
 *   enterActivation     it begins or runs again: on top of the stack
 *   suspendActivation   it waits: off the stack, and to be entered again
 *   leaveActivation     it ended, or gave the thread away: off the stack
 *   setCause            other code runs now, because of somebody (`clearCause`: it is over)
 *
 * Each of the first three also ends what V8 was expected to report next (`v8-order.ts`): those
 * expectations hold for the very next event only.
 *
 * Plain functions on one object: each runs for every `await`, so nothing here may allocate.
 */
import type { Activation, PromiseInfo } from './activation.ts';
import type { WritableThreadState } from './thread-state.ts';

export function enterActivation(state: WritableThreadState, activation: Activation): void {
  activation.running = true;
  activation.below = state.current;
  state.current = activation;
  state.newestPromise = null;
  state.lastExited = null;
  state.suspending = null;
}

/**
 * @param promise the awaited promise; null: V8 makes one around a thenable, or none is needed.
 * @param v8Awaits V8 makes the promises of an `await` next, and the promise hooks see them.
 */
export function suspendActivation(
  state: WritableThreadState,
  activation: Activation,
  promise: PromiseInfo | null,
  v8Awaits: boolean,
): void {
  activation.waitPromise = promise;
  leaveActivation(state, activation);
  if (v8Awaits) state.suspending = activation;
}

/** What the activation left running above itself has left with it. */
export function leaveActivation(state: WritableThreadState, activation: Activation): void {
  activation.running = false;
  state.current = activation.below;
  activation.below = null;
  state.newestPromise = null;
  state.lastExited = null;
  state.suspending = null;
}

/**
 * Names who is behind the code that runs from here on.
 * @param settler as `PromiseInfo.settler`
 * @param resource through which the settler acted (a timer), or 0
 * @param promise the promise that this microtask reacts to, or null
 * @param creator id of the activation that registered this code, or 0
 */
export function setCause(
  state: WritableThreadState,
  settler: number,
  resource: number,
  promise: PromiseInfo | null,
  creator: number,
): void {
  state.causeSettler = settler;
  state.causeResource = resource;
  state.causePromise = promise;
  state.creator = creator;
}

/** The microtask or tick is over: nobody is known to be behind what runs next. */
export function clearCause(state: WritableThreadState): void {
  setCause(state, 0, 0, null, 0);
  state.adopting = null;
}
