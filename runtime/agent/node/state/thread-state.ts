/**
 * The state of one thread: what runs on it, who caused that, and what V8 reported last. Probes,
 * promise hooks, patches and the library's bridge share it. There is one object per thread.
 *
 * The rules of the room `state/`:
 *
 *   imports        the tables of `trace/format`, the types of `recorder` and `contract/`, nothing
 *                  of the agent's other rooms
 *   who writes     `transitions.ts` (the stack of activations, the cause) and `v8-order.ts` (what
 *                  V8 reported last) assign the fields below. Other rooms read them: they hold a
 *                  `ThreadState`, whose fields are readonly to the compiler, and lint refuses the
 *                  import of the writable class.
 *   what it does   it writes definitions into the recording (sites, resources), never events
 *   never          runs the user's code, replaces a built-in, reads a file or the environment,
 *                  allocates in a transition: these run several times for each `await`. These
 *                  are kept by review; what a room may import is held by `npm run structure`.
 *
 *   stack of activations   current ─▶ below ─▶ below ─▶ null   (what runs, and what called it)
 *   the cause              causeSettler, causeResource, causePromise, creator
 *   the order of V8        newestPromise, lastExited, suspending, adopting
 */
import type { Activation, PromiseInfo } from './activation.ts';

/** For the functions of `state/` alone. */
export class WritableThreadState {
  /** The top of the stack: this activation runs. Null: no code of the user's that we know runs. */
  current: Activation | null = null;

  /**
   * Who settled the promise that this microtask reacts to; as `PromiseInfo.settler`, 0: unknown.
   */
  causeSettler = 0;
  /** The resource through which that promise was settled (a timer), or 0. */
  causeResource = 0;
  /** That promise, or null. */
  causePromise: PromiseInfo | null = null;
  /** Id of the activation that registered this microtask or tick, or 0. */
  creator = 0;

  /** V8 made this promise, and nothing has happened since. */
  newestPromise: PromiseInfo | null = null;
  /** This activation left the stack for good, and nothing has happened since. */
  lastExited: Activation | null = null;
  /** This activation called `suspend`: the promises that V8 makes next are those of its `await`. */
  suspending: Activation | null = null;
  /** This promise was resolved with another: the next reaction made is to that other promise. */
  adopting: PromiseInfo | null = null;
}

/** The state as all other rooms see it. */
export type ThreadState = Readonly<WritableThreadState>;

export function createThreadState(): ThreadState {
  return new WritableThreadState();
}
