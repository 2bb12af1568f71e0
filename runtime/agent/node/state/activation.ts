/**
 * An activation, and the info that rides on a promise. The two point to each other (an activation
 * has a promise and waits for one, a promise has an owner and waiters): hence one file.
 *
 * Both are plain records without methods: all their fields are touched on hot paths. By agreement
 * `running` and `below` belong to `transitions.ts`, the other fields to the probes and the hooks.
 */
import type { Resolvers } from './resolvers.ts';
import type { ResourcePool } from './resource-pool.ts';

/**
 * One run of an async function, a generator, a module's body, a callback or a library task.
 * It is what `enter` hands to instrumented code.
 */
export class Activation {
  readonly id: number;
  /** Id of the first site of the file's table; 0 for callbacks and library tasks. */
  readonly base: number;
  /** The resource it belongs to (the timer of a timer's callback), or 0. */
  readonly resource: number;
  /** The activation below it on the stack, while it is on the stack. */
  below: Activation | null = null;
  running = false;
  /** How many activations stood below it when it began. */
  depth = 0;
  /** How the body is about to end: one of COMPLETION. */
  completion = 0;
  /** The completions that `finally` blocks of the user's hold, two bits a level. */
  heldCompletions = 0;
  /**
   * It is in the plain form and has not ended: it ends at the latest when its own promise is
   * settled.
   */
  endsWithPromise = false;
  /** Its own promise; for a generator, the promise of the request that it works on. */
  promise: PromiseInfo | null = null;
  /** Where it waited last; 0: it has not yet. */
  waitSite = 0;
  /** The promise that it waits for. */
  waitPromise: PromiseInfo | null = null;
  /** The resource of the object that it asked and waits for; 0: it waits for something else. */
  receiver = 0;
  /** The site at which it takes that from its lock; 0: it does not. */
  takingSite = 0;
  /** Next in the list of activations that wait for the same promise. */
  nextWaiter: Activation | null = null;
  generator = false;
  /** It is a generator that is not async: what it gives is no promise, and none is made for it. */
  isSync = false;
  /** Id of the activation that asked a generator for a value last; 0: unknown. */
  consumer = 0;
  /** It gave a value to its consumer and has not been asked for the next. */
  yielded = false;
  /** It is a module's body: no promise of its own is made just before it. */
  module = false;
  /**
   * It left the stack with `return promise`, or with another thenable: it ends when its own promise
   * is settled.
   */
  returning: object | null = null;
  returnSite = 0;
  /** The resource of the object whose call gave a thenable that is returned; 0: none is known. */
  returnReceiver = 0;
  failed = false;

  constructor(id: number, base: number, resource: number) {
    this.id = id;
    this.base = base;
    this.resource = resource;
  }
}

/**
 * How the body of an activation is about to end, as its probes marked it. At the exit, `none` means
 * that an error came out of the body: no `catch` of ours looks for it (see
 * `contract/probe-set.ts`). `closed`: `return()` ended a generator that is not async; it shares its
 * number with what only other activations do, since a held completion has two bits.
 */
export const COMPLETION = { none: 0, done: 1, ret: 2, retPromise: 3, closed: 3 } as const;

/**
 * What rides on every promise in full depth. About the past it holds ids and not activations: a
 * chain of promises must not keep all its activations alive.
 */
export class PromiseInfo {
  /** Who settled it: the id of an activation or a task, or one of SETTLER. */
  settler = 0;
  /** The resource through which it was settled (a timer), or 0. */
  settlerResource = 0;
  /** What it stands for when it belongs to no activation: a group, a timer, I/O, an event. */
  resource = 0;
  /** The reason (index in REASONS) of a wait for that resource. */
  reason = 0;
  /** Id of the site at which the user's code made it by `new Promise` or by a call; 0: unknown. */
  site = 0;
  /** Gives it a resource of its own while it is awaited; null: it needs none. */
  pool: ResourcePool | null = null;
  /** The resource that `pool` gave it, held until it is settled, or 0. */
  pooledResource = 0;
  /** The activation whose own promise it is. */
  owner: Activation | null = null;
  /** The first of the activations that wait for it. */
  waiter: Activation | null = null;
  /**
   * The promise that it reacts to (`.then`), until it has reacted. After that, the promise that it
   * was resolved with.
   */
  from: PromiseInfo | null;
  /** Id of the activation that registered the reaction, or 0. */
  creator: number;
  group: PromiseGroup | null = null;
  /** What can settle it, until it is settled; null: that is not known. */
  resolvers: Resolvers | null = null;
  /** Something other than an instrumented `await` reacts to it. */
  isTaken = false;

  constructor(from: PromiseInfo | null, creator: number) {
    this.from = from;
    this.creator = creator;
  }
}

/** Values of `PromiseInfo.settler` besides ids. */
export const SETTLER = {
  /** Not settled yet. */
  nobody: 0,
  /** Settled, and nothing tells by whom. */
  unknown: -1,
  /** Settled by an event from outside: I/O, or a timer that the user's code did not set. */
  external: -2,
} as const;

/** A call of `Promise.all` or of its like, until its result is settled. */
export interface PromiseGroup {
  readonly resource: number;
  readonly kind: number;
  readonly parent: number;
  /** Null: a child that is no promise, or whose promise is older than the instrument. */
  readonly children: readonly (PromiseInfo | null)[];
}

/**
 * Shared by all promises that V8 makes for an `await` of instrumented code: they need no memory.
 */
export const NO_PROMISE_INFO = new PromiseInfo(null, 0);
