/**
 * What V8 reported last. V8 does not say to which activation a promise belongs; the order of its
 * reports does (`promises/promise-hooks.ts` lists the orderings). Each field that is written here
 * holds for the very next event only, and the transitions clear what they outdate.
 */
import type { Activation, PromiseInfo } from './activation.ts';
import type { WritableThreadState } from './thread-state.ts';

/** V8 made a promise. Should an activation begin next, the promise is its own. */
export function notePromise(state: WritableThreadState, info: PromiseInfo): void {
  state.newestPromise = info;
}

/** The promise made last, if nothing has happened since; it is handed out once. */
export function takeNewestPromise(state: WritableThreadState): PromiseInfo | null {
  const { newestPromise } = state;
  state.newestPromise = null;
  return newestPromise;
}

/** All promises of the `await` were reported. */
export function endOfAwait(state: WritableThreadState): void {
  state.suspending = null;
}

/** An activation left the stack for good: V8 settles its promise next. */
export function noteExit(state: WritableThreadState, activation: Activation): void {
  state.lastExited = activation;
}

/** The activation that exited last, if nothing has happened since; it is handed out once. */
export function takeExited(state: WritableThreadState): Activation | null {
  const { lastExited } = state;
  state.newestPromise = null;
  state.lastExited = null;
  return lastExited;
}

/** A microtask begins. */
export function noteMicrotask(state: WritableThreadState): void {
  state.newestPromise = null;
  state.lastExited = null;
}

/** A promise was resolved with a thenable: V8 calls the thenable's `then` next. */
export function noteAdoption(state: WritableThreadState, info: PromiseInfo): void {
  state.adopting = info;
}

/** The promise that adopts the state of the thenable's promise; it is handed out once. */
export function takeAdopting(state: WritableThreadState): PromiseInfo | null {
  const { adopting } = state;
  if (adopting !== null) state.adopting = null;
  return adopting;
}
