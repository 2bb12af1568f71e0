/**
 * What is happening on this lane at this moment: the state that probes, promise hooks and
 * timers share. One object a thread; every field is written on a hot path, so there is no method here.
 *
 *   stack of activations        current ─▶ below ─▶ below ─▶ null      (what runs, what called it)
 *   why this microtask runs     causeBy, causeVia, causeLink           (who settled what it waited for)
 *   whose code this microtask is   creator                             (who registered the reaction)
 *   two orderings of V8         fresh: the promise made last, nothing since   exited: the activation left last, nothing since
 */
import type { ResourcePool } from './resource-pool.ts';

export class ThreadState {
  current: Activation | null = null;
  newestPromise: PromiseInfo | null = null;
  lastExited: Activation | null = null;
  /** This activation called `suspend`; the promises made next are those of its `await`. */
  suspending: Activation | null = null;
  /** As `Link.by`; 0: nothing is known of this microtask's or macrotask's cause. */
  causeSettler = 0;
  causeResource = 0;
  causePromise: PromiseInfo | null = null;
  creator = 0;
  /** The promise that is to become what another will be: the next reaction made is to that other one. */
  adopting: PromiseInfo | null = null;
}

/** Values of `Link.by` besides ids of tasks. */
export const SETTLER = {
  /** Not settled yet. */
  nobody: 0,
  /** Settled, and nothing tells by whom. */
  unknown: -1,
  /** Settled by an event from outside (I/O, a timer not of the user's code); `via` is its resource. */
  external: -2,
} as const;

/** One run of an async function, async generator, module body or callback: what `enter` hands to the user's code. */
export class Activation {
  readonly id: number;
  /** Id of the site of the file's first row; 0 for callbacks. */
  readonly base: number;
  /** The resource it belongs to (the timer of a timer's callback), or 0. */
  readonly resource: number;
  below: Activation | null;
  running = true;
  /** 0: nothing told yet, an exit now means a throw; otherwise one of MARK. */
  completion = 0;
  /** Its own promise; of a generator, the promise of the request it works on. */
  promise: PromiseInfo | null = null;
  /** What it waits for. */
  waitPromise: PromiseInfo | null = null;
  /** Next in the list of activations that wait for the same promise. */
  nextWaiter: Activation | null = null;
  generator = false;
  /** Who asked a generator for a value last; 0: nobody known. */
  consumer = 0;
  /** It gave a value to its consumer and has not been asked for the next. */
  yielded = false;
  /** A module's body: no promise of its own is made just before it. */
  module = false;
  /** It left the stack with `return promise`: it ends when its own promise is settled. */
  returning: object | null = null;
  returnSite = 0;
  failed = false;

  constructor(id: number, base: number, of: number, below: Activation | null) {
    this.id = id;
    this.base = base;
    this.resource = of;
    this.below = below;
  }
}

export const COMPLETION = { none: 0, done: 1, ret: 2, retPromise: 3 } as const;

/** What rides on every promise in full depth. Holds ids, not activations, of the past: chains must not keep each other alive. */
export class PromiseInfo {
  /** Who settled it: a task's id, or one of BY. */
  settler = 0;
  /** The resource through which it was settled (a timer), or 0. */
  settlerResource = 0;
  /** What it stands for when it is no activation's: a group, a timer, I/O, an event. */
  resource = 0;
  /** The reason (index in REASONS) of a wait for that resource. */
  reason = 0;
  /** Where the user's code made it by `new Promise`; 0: it did not. */
  site = 0;
  /** What tells it apart from others of its kind, when it is awaited. */
  pool: ResourcePool | null = null;
  /** The resource that it is apart while somebody waits for it (`Origin.take`), or 0. */
  pooledResource = 0;
  /** The activation whose own promise it is. */
  owner: Activation | null = null;
  waiter: Activation | null = null;
  /** The promise it reacts to (`.then`), until it has reacted; after that, the one that it was resolved with. */
  from: PromiseInfo | null;
  /** The activation that registered the reaction. */
  creator: number;
  group: Group | null = null;

  constructor(from: PromiseInfo | null, creator: number) {
    this.from = from;
    this.creator = creator;
  }
}

/** Promise.all and its like, until the result is settled. */
export interface Group {
  readonly resource: number;
  readonly kind: number;
  readonly parent: number;
  readonly children: readonly (PromiseInfo | null)[];
}

/** On promises of which nothing must be remembered: those that V8 makes for an `await` of instrumented code. */
export const NO_PROMISE_INFO = new PromiseInfo(null, 0);
