/**
 * Identity by observation (full depth): which activation a promise belongs to, and who ended a wait. V8 tells
 * of every promise made, reacted to and settled (`v8.promiseHooks`); a `Link` rides on each, in a private field put
 * there by a constructor that returns its argument: invisible to `inspect`, `ownKeys` and frozen objects.
 *
 * Three orderings carry it (tried on Node 20, 22 and 24; test/agent/node/promises.test.ts):
 *   1. init(p) directly before `enter`: p is that activation's own promise.
 *   2. settled(p) directly after `exit`: the same, and the activation settled it.
 *   3. Microtasks and ticks drain before the next macrotask: without a cause, what executes now is the root.
 *
 * It refuses to guess: a promise older than the instrument has no link, a wait without a cause says so.
 * Reading a private field that is not there costs a hundred times one that is (V8 does not cache the miss): hence NO_LINK.
 */
import { executionAsyncId, executionAsyncResource } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';
import { K, REASONS, RESOURCE_KINDS, numberOf } from '../../trace/format/kinds.ts';
import type { Recorder } from '../../recorder/recorder.ts';
import { ROOT_NAMES } from './root-names.ts';
import { type Act, BY, Link, type Moment, NO_LINK } from './moment.ts';

const TIMER = numberOf(REASONS, 'timer');
const IO = numberOf(REASONS, 'io');

class Returned {
  constructor(object: object) {
    // A constructor that returns an object: the subclass's private field is put on that object.
    return object;
  }
}

class Stamp extends Returned {
  #link: Link;
  constructor(promise: object, link: Link) {
    super(promise);
    this.#link = link;
  }
  static of(object: object): Link | undefined {
    return #link in object ? object.#link : undefined;
  }
}

/** The link of a promise made since the instrument was there; undefined for anything else. */
export const linkOf = (object: object): Link | undefined => Stamp.of(object);

export interface Settling {
  /** What an activation waited for has come; `atOnce`: directly after the record written last. */
  wake(act: Act, by: number, via: number, atOnce: boolean): void;
  /** `return promise` has come to its end. */
  returned(act: Act): void;
  /** A group's result is there; `decider` is the promise whose settling settled it. */
  decided(link: Link, decider: Link | null): void;
}

/** Begins to watch all promises; the result stops it. A fault of ours is told to `onFault` and never thrown. */
export function watchPromises(
  moment: Moment,
  roots: Roots,
  settling: Settling,
  onFault: (error: unknown) => void,
): () => void {
  function init(promise: object, parent: object | undefined): void {
    try {
      const { suspending } = moment;
      if (suspending !== null && parent !== undefined) {
        const part = partOfAwait(suspending, Stamp.of(parent));
        if (part !== null) {
          new Stamp(promise, part);
          return;
        }
        moment.suspending = null;
      }
      const { current } = moment;
      const creator = current !== null ? current.id : moment.creator;
      if (parent === undefined) {
        const link = new Link(null, creator);
        new Stamp(promise, link);
        moment.fresh = link;
        return;
      }
      const from = Stamp.of(parent) ?? null;
      const { adopting } = moment;
      if (adopting !== null) {
        moment.adopting = null;
        adopting.from = from;
      }
      new Stamp(promise, new Link(from, creator));
    } catch (error) {
      onFault(error);
    }
  }

  /**
   * V8 makes one or two promises for an `await` and tells of them directly after `suspend`: of what is no promise
   * a wrapper (its parent is the function's own promise), of which only a thenable's is settled by somebody; then one that
   * nobody sees, reacting to the operand or the wrapper. Null: it is neither.
   */
  function partOfAwait(act: Act, parent: Link | undefined): Link | null {
    const { waitLink } = act;
    if (waitLink === null) {
      // The thenable's `then` runs in a microtask of this promise: it is the waiter's code.
      const wrapper = new Link(null, act.id);
      wrapper.waiter = act;
      act.waitLink = wrapper;
      return wrapper;
    }
    if (parent === waitLink) {
      moment.suspending = null;
      return NO_LINK;
    }
    return waitLink === NO_LINK ? NO_LINK : null;
  }

  function before(promise: object): void {
    try {
      const link = Stamp.of(promise);
      moment.fresh = null;
      moment.exited = null;
      if (link === undefined || link === NO_LINK) return;
      const { from } = link;
      moment.creator = link.creator;
      if (from === null) {
        // The second microtask of a promise: it was resolved with a thenable, whose `then` is about to be called.
        if (link.owner === null) moment.adopting = link;
        return;
      }
      link.from = null;
      moment.causeBy = from.by;
      moment.causeVia = from.via;
      moment.causeLink = from;
    } catch (error) {
      onFault(error);
    }
  }

  function after(): void {
    moment.adopting = null;
    moment.causeBy = 0;
    moment.causeVia = 0;
    moment.causeLink = null;
    moment.creator = 0;
  }

  function settled(promise: object): void {
    try {
      const link = Stamp.of(promise);
      if (link === undefined || link === NO_LINK) return;
      moment.fresh = null;
      link.from = null;
      const { exited } = moment;
      if (exited !== null) {
        moment.exited = null;
        if (exited.link !== link) own(exited, link);
      }
      const atOnce = exited !== null;
      const { owner, waiter, group } = link;
      if (owner !== null) {
        link.by = owner.id;
        if (owner.returning !== null) settling.returned(owner);
      } else if (moment.current !== null) {
        link.by = moment.current.id;
        link.via = moment.current.of;
      } else if (
        moment.causeBy > 0 ||
        moment.causeBy === BY.external ||
        (moment.causeBy !== 0 && !isWorld(link))
      ) {
        link.by = moment.causeBy;
        link.via = moment.causeVia;
      } else {
        // A promise of a timer's or of I/O says itself through what it is settled.
        const root = isWorld(link) ? link.apart || link.resource : roots.now();
        link.by = root === 0 ? BY.unknown : BY.external;
        link.via = root;
      }
      if (group !== null) {
        settling.decided(link, moment.causeLink);
        link.group = null;
      }
      if (waiter !== null) {
        link.waiter = null;
        for (let act: Act | null = waiter; act !== null;) {
          const next: Act | null = act.nextWaiter;
          act.nextWaiter = null;
          settling.wake(act, link.by, link.via, atOnce);
          act = next;
        }
      }
      if (link.apart !== 0) {
        link.origin!.give(link.apart);
        link.apart = 0;
      }
    } catch (error) {
      onFault(error);
    }
  }

  // The order is that of Node's createHook; all four at once, as one call into V8.
  const stop = promiseHooks.createHook({ init, before, after, settled } as Parameters<
    typeof promiseHooks.createHook
  >[0]);
  return stop as () => void;
}

/** It stands for something that only the world settles. */
function isWorld(link: Link): boolean {
  return link.reason === TIMER || link.reason === IO;
}

/** Parameters that are not simple make promises between init and `enter`; at the exit the truth is known. */
function own(act: Act, link: Link): void {
  if (link.owner !== null) return;
  if (act.link !== null && act.link.owner === act) act.link.owner = null;
  link.owner = act;
  act.link = link;
}

/** Events from outside the user's code, as resources: one for each name of the types of Node's async resources. */
export class Roots {
  private readonly recorder: Recorder;
  /** By the type of the async resource. */
  private readonly ids = new Map<string, number>();
  private readonly named = new Map<string, number>();

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  /** The resource of what executes now; 0 when that is nothing known (a microtask without a cause, the start). */
  now(): number {
    if (executionAsyncId() <= 1) return 0;
    const resource: unknown = executionAsyncResource();
    const type = typeOf(resource);
    if (type === '') return 0;
    const known = this.ids.get(type);
    if (known !== undefined) return known;
    const name = Object.hasOwn(ROOT_NAMES, type) ? ROOT_NAMES[type]! : type;
    let id = this.named.get(name);
    if (id === undefined) {
      id = this.recorder.nextId();
      const kind = numberOf(RESOURCE_KINDS, type === 'Timeout' || type === 'Immediate' ? 'timer' : 'io');
      this.recorder.write(K.resourceBegin, kind, 0, id, 0, this.recorder.text(name), 0);
      this.named.set(name, id);
    }
    this.ids.set(type, id);
    return id;
  }
}

/** The constructor's name, read without running anything of the user's; '' for a plain object (a tick). */
function typeOf(resource: unknown): string {
  if (typeof resource !== 'object' || resource === null) return '';
  const prototype: unknown = Object.getPrototypeOf(resource);
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) return '';
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'constructor');
  const constructor: unknown = descriptor?.value;
  return typeof constructor === 'function' ? constructor.name : '';
}
