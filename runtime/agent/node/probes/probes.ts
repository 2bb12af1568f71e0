/**
 * What the calls in instrumented code do: they keep the stack of activations and write who
 * began, gave the lane away, got it back and ended. The contract with the emitted code is `probe-set.ts`; the meaning
 * of the records: activation-begin runs now, on top of whoever runs on this lane; wait and activation-end
 * give the lane back to the one below; run puts it on top again.
 *
 * Every probe returns its operand unchanged and none may throw: what could (an odd table) is caught where it happens.
 */
import {
  FLAG,
  KIND,
  ACTIVATION_KIND,
  OUTCOME,
  REASON,
  RESOURCE_KIND,
  WAKER,
} from '../../../trace/format/kinds.ts';
import { type LibraryBridge, waitReasonOf, waitTargetOf } from '../../../recorder/library-bridge.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { ResourcePool } from '../state/resource-pool.ts';
import {
  Activation,
  SETTLER,
  type PromiseInfo,
  COMPLETION,
  type ThreadState,
  NO_PROMISE_INFO,
} from '../state/thread-state.ts';
import type { ProbeSet } from '../contract/probe-set.ts';
import { type AsyncResources, type Settling, promiseInfoOf } from '../promises/promise-hooks.ts';
import type { Sites } from '../state/sites.ts';
import { isRejected, typeNameOf } from '../builtins/inspect-safely.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import { observedIterable } from './observed-iterable.ts';

const MODULE = ACTIVATION_KIND.module;
const ASYNC_GENERATOR = ACTIVATION_KIND['async-generator'];
const OK = OUTCOME.ok;
const ERROR = OUTCOME.error;
const KNOWN = WAKER.known;
const EXTERNAL = WAKER.external;
const TASK = REASON.task;
const GROUP = REASON.group;
const FUTURE = REASON.future;
const VALUE = REASON.value;
const CONSUMER = REASON.consumer;
const RESOURCE_PROMISE = RESOURCE_KIND.promise;
const RESOURCE_GROUP = RESOURCE_KIND.group;

/** A longer chain of `.then` stays unnamed: the work at an `await` has a bound. */
const MAX_REACTIONS = 8;

export interface Probes extends ProbeSet, Settling {
  /** A callback or the main body begins: an activation outside instrumented code. */
  open(kind: number, parent: number, site: number, name: number, of: number): Activation;
  /** It ended; whatever it left running above itself has ended with it. */
  close(act: Activation, ok: boolean): void;
  /** `Promise.all` and the like were called; `result` is the promise they gave. */
  grouped(kind: number, name: string, result: object, children: readonly unknown[]): void;
}

export interface ProbesOptions {
  readonly recorder: Recorder;
  readonly state: ThreadState;
  readonly sites: Sites;
  /** Where the library's tasks stand among the activations. */
  readonly bridge: LibraryBridge;
  /** Present in full depth: promises have links. */
  readonly asyncResources: AsyncResources | null;
  readonly errors: UncaughtErrors;
}

export function createProbes({
  recorder,
  state: moment,
  sites,
  bridge: lane,
  asyncResources: roots,
  errors,
}: ProbesOptions): Probes {
  const full = roots !== null;
  /** By site: the promises made there. */
  const places = new Map<number, ResourcePool>();

  /** The lane goes to the one below. */
  function leave(act: Activation): void {
    act.running = false;
    moment.current = act.below;
    act.below = null;
  }

  /** It has the lane again, and says who ended its wait. */
  function resumed(act: Activation): void {
    const link = act.waitPromise;
    let by = 0;
    let via = 0;
    if (link !== null) {
      by = link.settler;
      via = link.settlerResource;
      act.waitPromise = null;
      if (by === 0 && link !== NO_PROMISE_INFO) forget(link, act);
    } else if (act.yielded) {
      // The consumer asked for the next value: it stands below, and the request's promise was made just now.
      if (moment.current !== null) by = act.consumer = moment.current.id;
      claim(act);
    }
    act.yielded = false;
    if (by > 0) recorder.write(KIND.run, KNOWN, act.id, by, via, 0, 0);
    else if (by === SETTLER.external) recorder.write(KIND.run, EXTERNAL, act.id, 0, via, 0, 0);
    else recorder.write(KIND.run, 0, act.id, 0, via, 0, 0);
    moment.suspending = null;
    act.running = true;
    act.below = moment.current;
    moment.current = act;
  }

  /**
   * It comes back only to leave, or to clean up. A generator that was suspended at a `yield` was told to by its consumer: by
   * `return()` (a loop was left), which V8 carries out in a microtask, or by `throw()`, at once and on top of the caller.
   */
  function leaving(act: Activation): void {
    if (act.yielded && moment.current === null) act.completion = COMPLETION.done;
    resumed(act);
  }

  /** The promise made just now is this activation's own. */
  function claim(act: Activation): void {
    const { newestPromise: fresh } = moment;
    if (fresh === null) return;
    moment.newestPromise = null;
    if (fresh.owner !== null || fresh.settler !== 0) return;
    fresh.owner = act;
    act.promise = fresh;
  }

  /** Writes the wait for `operand` and gives the lane away. */
  function wait(act: Activation, siteId: number, operand: unknown): void {
    let reason: number = VALUE;
    let target = 0;
    let type = 0;
    let flags = sites.waitFlags(siteId);
    let waitLink: PromiseInfo | null = NO_PROMISE_INFO;
    if ((typeof operand === 'object' && operand !== null) || typeof operand === 'function') {
      reason = FUTURE;
      const ours = lane.waitOf === null ? -1 : lane.waitOf(operand);
      if (ours >= 0) {
        reason = waitReasonOf(ours);
        target = waitTargetOf(ours);
        // A task that is made and awaited at once is no call: it runs by itself.
        flags &= ~FLAG.waitDirect;
        waitLink = full ? null : NO_PROMISE_INFO;
      } else if (full) {
        const link = promiseInfoOf(operand);
        if (link === undefined) {
          // A thenable: the promise that V8 makes around it gets to be the link (promises.ts, init).
          waitLink = null;
          type = recorder.text(typeNameOf(operand));
        } else {
          waitLink = link;
          if (link.owner !== null) {
            reason = TASK;
            target = link.owner.id;
          } else if (link.resource !== 0) {
            reason = link.reason;
            target = link.pool === null ? link.resource : nameOf(link, link.pool);
            if (reason === TASK) flags &= ~FLAG.waitDirect;
          } else if (link.site !== 0) {
            target = nameOf(link, madeAt(link.site));
          } else if (link.from !== null) {
            target = behind(link);
            // `await f().then(g)` does not end with f: it is no call of f that is awaited at once.
            if (target !== 0) flags &= ~FLAG.waitDirect;
          }
          if (link.settler !== 0) flags |= FLAG.waitYield;
          else {
            act.nextWaiter = link.waiter;
            link.waiter = act;
          }
        }
      }
    } else flags |= FLAG.waitYield;
    act.waitPromise = waitLink;
    lane.site = 0;
    recorder.write(KIND.wait, reason | flags, act.id, siteId, target, type, 0);
    leave(act);
    moment.suspending = full ? act : null;
    moment.newestPromise = null;
    moment.lastExited = null;
  }

  /** What promises stand for that are made at one place of the user's code. */
  function madeAt(site: number): ResourcePool {
    const known = places.get(site);
    if (known !== undefined) return known;
    const name = recorder.text(`made at ${sites.place(site)}`);
    const origin = new ResourcePool(recorder, RESOURCE_PROMISE, site, name);
    places.set(site, origin);
    return origin;
  }

  /** What this one of them is called as long as it is not settled. */
  function nameOf(link: PromiseInfo, origin: ResourcePool): number {
    if (link.settler !== 0) return origin.shared;
    if (link.pooledResource === 0) {
      link.pool = origin;
      link.pooledResource = origin.acquire();
    }
    return link.pooledResource;
  }

  /** What a chain of reactions (`.then`) begins with, as long as that is not settled. */
  function behind(link: PromiseInfo): number {
    let at: PromiseInfo | null = link;
    for (let i = 0; i < MAX_REACTIONS && at !== null; i++, at = at.from) {
      if (at.settler !== 0) return 0;
      if (at.owner !== null) return at.owner.id;
      if (at.resource !== 0) return at.pool === null ? at.resource : nameOf(at, at.pool);
      if (at.site !== 0) return nameOf(at, madeAt(at.site));
    }
    return 0;
  }

  function end(act: Activation, outcome: number): void {
    recorder.write(KIND.activationEnd, outcome, act.id, 0, 0, 0, 0);
  }

  const probes: Probes = {
    file(path, table) {
      return sites.add(path, table);
    },

    enter(base, site) {
      const siteId = base + site;
      const { current } = moment;
      const act = new Activation(recorder.nextId(), base, 0, current);
      let parent = 0;
      let of = 0;
      if (current !== null) parent = current.id;
      else if (moment.creator !== 0) parent = moment.creator;
      else if (full) of = roots.now();
      const kind = sites.kind(siteId);
      if (kind === MODULE) act.module = true;
      else {
        claim(act);
        // A generator's body begins with the first request.
        if (kind === ASYNC_GENERATOR) {
          act.generator = true;
          if (current !== null) act.consumer = current.id;
        }
      }
      moment.lastExited = null;
      moment.suspending = null;
      recorder.write(KIND.activationBegin, kind, act.id, parent, siteId, sites.name(siteId), of);
      moment.current = act;
      return act;
    },

    suspend(act, site, operand) {
      const a = act as Activation;
      if (a.running) wait(a, a.base + site, operand);
      return operand;
    },

    resume(act, value) {
      const a = act as Activation;
      if (!a.running) resumed(a);
      return value;
    },

    caught(act, error) {
      const a = act as Activation;
      if (!a.running) {
        const failed = a.waitPromise?.owner ?? null;
        resumed(a);
        if (failed !== null && failed.failed) errors.caught(failed, error);
      }
      a.completion = COMPLETION.none;
    },

    finallyIn(act) {
      const a = act as Activation;
      if (!a.running) leaving(a);
      const { completion: mark } = a;
      a.completion = COMPLETION.none;
      return mark;
    },

    finallyOut(act, token) {
      (act as Activation).completion = token;
    },

    ret(act, site, value) {
      const a = act as Activation;
      a.completion = COMPLETION.ret;
      if (a.generator) {
        // `return E` in an async generator waits for E before anything else happens (the specification's Await).
        if (a.running) wait(a, a.base + site, value);
        return value;
      }
      if (full && typeof value === 'object' && value !== null) {
        if (promiseInfoOf(value) !== undefined) {
          a.completion = COMPLETION.retPromise;
          a.returning = value;
          a.returnSite = a.base + site;
        }
      }
      return value;
    },

    done(act) {
      (act as Activation).completion = COMPLETION.done;
    },

    exit(act) {
      const a = act as Activation;
      if (!a.running) leaving(a);
      moment.newestPromise = null;
      moment.suspending = null;
      if (a.completion === COMPLETION.retPromise && a.returning !== null) {
        wait(a, a.returnSite, a.returning);
        moment.suspending = null;
        return;
      }
      a.returning = null;
      a.failed = a.completion === COMPLETION.none;
      end(a, a.failed ? ERROR : OK);
      leave(a);
      if (full && !a.module) moment.lastExited = a;
    },

    yielding(act, site, value) {
      const a = act as Activation;
      if (!a.running) return value;
      a.yielded = true;
      const siteId = a.base + site;
      recorder.write(KIND.wait, CONSUMER | sites.waitFlags(siteId), a.id, siteId, a.consumer, 0, 0);
      a.waitPromise = null;
      leave(a);
      moment.newestPromise = null;
      return value;
    },

    made(base, site, promise) {
      if (full && typeof promise === 'object' && promise !== null) {
        const link = promiseInfoOf(promise);
        if (link !== undefined && link.site === 0) link.site = base + site;
      }
      return promise;
    },

    at(base, site, value) {
      const siteId = base + site;
      // Asked for its definition, which is written when a site is first used.
      sites.waitFlags(siteId);
      lane.site = siteId;
      return value;
    },

    iterate(act, site, iterable) {
      return observedIterable(iterable, (result) => probes.suspend(act, site, result));
    },

    stepped(act) {
      const a = act as Activation;
      if (!a.running) resumed(a);
    },

    open(kind, parent, site, name, of) {
      const act = new Activation(recorder.nextId(), 0, of, moment.current);
      recorder.write(KIND.activationBegin, kind, act.id, parent, site, name, of);
      moment.current = act;
      moment.newestPromise = null;
      return act;
    },

    close(act, ok) {
      recorder.write(KIND.activationEnd, ok ? OK : ERROR, act.id, 0, 0, 0, 0);
      act.running = false;
      moment.current = act.below;
      act.below = null;
      moment.newestPromise = null;
      moment.lastExited = null;
    },

    grouped(kind, name, result, children) {
      const link = promiseInfoOf(result);
      if (link === undefined) return;
      const parent = moment.current !== null ? moment.current.id : moment.creator;
      const resource = recorder.nextId();
      const links = children.map(
        (child) => (typeof child === 'object' && child !== null && promiseInfoOf(child)) || null,
      );
      recorder.write(
        KIND.resourceBegin,
        RESOURCE_GROUP,
        parent,
        resource,
        0,
        recorder.text(name),
        children.length,
      );
      for (let i = 0; i < links.length; i++) {
        const child = links[i]!;
        // Children of which nothing is known count as well: the fold wants the whole row.
        recorder.writeSame(
          KIND.group,
          kind,
          parent,
          resource,
          child === null ? 0 : idOf(child),
          i,
          children.length,
        );
      }
      link.resource = resource;
      link.reason = GROUP;
      link.group = { resource, kind, parent, children: links };
    },

    wake(act, by, via, atOnce) {
      const waker = by > 0 ? by : 0;
      if (atOnce) recorder.writeSame(KIND.wake, 0, act.id, waker, via, 0, 0);
      else recorder.write(KIND.wake, 0, act.id, waker, via, 0, 0);
    },

    returned(act) {
      const inner = act.returning!;
      const callee = promiseInfoOf(inner)?.owner;
      // Its own promise is only now being settled and would still look pending; the one it returned is not.
      act.failed = callee != null && !callee.generator ? callee.failed : isRejected(inner);
      act.returning = null;
      resumed(act);
      end(act, act.failed ? ERROR : OK);
      leave(act);
    },

    decided(link, decider) {
      const group = link.group!;
      if (decider === null) return;
      const index = group.children.indexOf(decider);
      if (index < 0) return;
      const { resource, kind, parent, children } = group;
      recorder.write(
        KIND.group,
        kind | FLAG.groupDecides,
        parent,
        resource,
        idOf(decider),
        index,
        children.length,
      );
    },
  };
  return probes;
}

/** What a promise stands for: an activation, a timer, a group; 0 when that is not known. */
function idOf(link: PromiseInfo): number {
  return link.owner !== null ? link.owner.id : link.resource;
}

/** It runs again though what it waited for was not settled: it must not be woken by it later. */
function forget(link: PromiseInfo, act: Activation): void {
  let at = link.waiter;
  if (at === act) link.waiter = act.nextWaiter;
  else {
    while (at !== null && at.nextWaiter !== act) at = at.nextWaiter;
    if (at !== null) at.nextWaiter = act.nextWaiter;
  }
  act.nextWaiter = null;
}
