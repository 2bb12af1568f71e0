/**
 * What the calls in instrumented code do: they keep the stack of activations and write who
 * began, gave the lane away, got it back and ended. The contract with the emitted code is `probe-set.ts`; the meaning
 * of the records: activation-begin runs now, on top of whoever runs on this lane; wait and activation-end
 * give the lane back to the one below; run puts it on top again.
 *
 * Every probe returns its operand unchanged and none may throw: what could (an odd table) is caught where it happens.
 */
import {
  ACTIVATION_KINDS,
  F,
  K,
  OUTCOMES,
  REASONS,
  RESOURCE_KINDS,
  WAKERS,
  numberOf,
} from '../../trace/format/kinds.ts';
import { type Lane, waitReasonOf, waitTargetOf } from '../../recorder/lane.ts';
import type { Recorder } from '../../recorder/recorder.ts';
import { Origin } from './apart.ts';
import { Act, BY, type Link, MARK, type Moment, NO_LINK } from './moment.ts';
import type { ProbeSet } from './probe-set.ts';
import { type Roots, type Settling, linkOf } from './promises.ts';
import type { Sites } from './sites.ts';
import { isRejected, typeNameOf } from './look.ts';
import type { UnseenErrors } from './unseen-errors.ts';
import { seenIterable } from './seen-iterable.ts';

const MODULE = numberOf(ACTIVATION_KINDS, 'module');
const ASYNC_GENERATOR = numberOf(ACTIVATION_KINDS, 'async-generator');
const OK = numberOf(OUTCOMES, 'ok');
const ERROR = numberOf(OUTCOMES, 'error');
const KNOWN = numberOf(WAKERS, 'known');
const EXTERNAL = numberOf(WAKERS, 'external');
const TASK = numberOf(REASONS, 'task');
const GROUP = numberOf(REASONS, 'group');
const FUTURE = numberOf(REASONS, 'future');
const VALUE = numberOf(REASONS, 'value');
const CONSUMER = numberOf(REASONS, 'consumer');
const RESOURCE_PROMISE = numberOf(RESOURCE_KINDS, 'promise');
const RESOURCE_GROUP = numberOf(RESOURCE_KINDS, 'group');

/** A longer chain of `.then` stays unnamed: the work at an `await` has a bound. */
const MOST_REACTIONS = 8;

export interface Probes extends ProbeSet, Settling {
  /** A callback or the main body begins: an activation outside instrumented code. */
  open(kind: number, parent: number, site: number, name: number, of: number): Act;
  /** It ended; whatever it left running above itself has ended with it. */
  close(act: Act, ok: boolean): void;
  /** `Promise.all` and the like were called; `result` is the promise they gave. */
  grouped(kind: number, name: string, result: object, children: readonly unknown[]): void;
}

export interface ProbesOptions {
  readonly recorder: Recorder;
  readonly moment: Moment;
  readonly sites: Sites;
  /** Where the library's tasks stand among the activations. */
  readonly lane: Lane;
  /** Present in full depth: promises have links. */
  readonly roots: Roots | null;
  readonly errors: UnseenErrors;
}

export function createProbes({ recorder, moment, sites, lane, roots, errors }: ProbesOptions): Probes {
  const full = roots !== null;
  /** By site: the promises made there. */
  const places = new Map<number, Origin>();

  /** The lane goes to the one below. */
  function leave(act: Act): void {
    act.running = false;
    moment.current = act.below;
    act.below = null;
  }

  /** It has the lane again, and says who ended its wait. */
  function resumed(act: Act): void {
    const link = act.waitLink;
    let by = 0;
    let via = 0;
    if (link !== null) {
      by = link.by;
      via = link.via;
      act.waitLink = null;
      if (by === 0 && link !== NO_LINK) forget(link, act);
    } else if (act.yielded) {
      // The consumer asked for the next value: it stands below, and the request's promise was made just now.
      if (moment.current !== null) by = act.consumer = moment.current.id;
      claim(act);
    }
    act.yielded = false;
    if (by > 0) recorder.write(K.run, KNOWN, act.id, by, via, 0, 0);
    else if (by === BY.external) recorder.write(K.run, EXTERNAL, act.id, 0, via, 0, 0);
    else recorder.write(K.run, 0, act.id, 0, via, 0, 0);
    moment.suspending = null;
    act.running = true;
    act.below = moment.current;
    moment.current = act;
  }

  /**
   * It comes back only to leave, or to clean up. A generator that was suspended at a `yield` was told to by its consumer: by
   * `return()` (a loop was left), which V8 carries out in a microtask, or by `throw()`, at once and on top of the caller.
   */
  function leaving(act: Act): void {
    if (act.yielded && moment.current === null) act.mark = MARK.done;
    resumed(act);
  }

  /** The promise made just now is this activation's own. */
  function claim(act: Act): void {
    const { fresh } = moment;
    if (fresh === null) return;
    moment.fresh = null;
    if (fresh.owner !== null || fresh.by !== 0) return;
    fresh.owner = act;
    act.link = fresh;
  }

  /** Writes the wait for `operand` and gives the lane away. */
  function wait(act: Act, siteId: number, operand: unknown): void {
    let reason = VALUE;
    let target = 0;
    let type = 0;
    let flags = sites.waitFlags(siteId);
    let waitLink: Link | null = NO_LINK;
    if ((typeof operand === 'object' && operand !== null) || typeof operand === 'function') {
      reason = FUTURE;
      const ours = lane.waitOf === null ? -1 : lane.waitOf(operand);
      if (ours >= 0) {
        reason = waitReasonOf(ours);
        target = waitTargetOf(ours);
        // A task that is made and awaited at once is no call: it runs by itself.
        flags &= ~F.waitDirect;
        waitLink = full ? null : NO_LINK;
      } else if (full) {
        const link = linkOf(operand);
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
            target = link.origin === null ? link.resource : nameOf(link, link.origin);
            if (reason === TASK) flags &= ~F.waitDirect;
          } else if (link.site !== 0) {
            target = nameOf(link, madeAt(link.site));
          } else if (link.from !== null) {
            target = behind(link);
            // `await f().then(g)` does not end with f: it is no call of f that is awaited at once.
            if (target !== 0) flags &= ~F.waitDirect;
          }
          if (link.by !== 0) flags |= F.waitYield;
          else {
            act.nextWaiter = link.waiter;
            link.waiter = act;
          }
        }
      }
    } else flags |= F.waitYield;
    act.waitLink = waitLink;
    lane.site = 0;
    recorder.write(K.wait, reason | flags, act.id, siteId, target, type, 0);
    leave(act);
    moment.suspending = full ? act : null;
    moment.fresh = null;
    moment.exited = null;
  }

  /** What promises stand for that are made at one place of the user's code. */
  function madeAt(site: number): Origin {
    const known = places.get(site);
    if (known !== undefined) return known;
    const name = recorder.text(`made at ${sites.place(site)}`);
    const origin = new Origin(recorder, RESOURCE_PROMISE, site, name);
    places.set(site, origin);
    return origin;
  }

  /** What this one of them is called as long as it is not settled. */
  function nameOf(link: Link, origin: Origin): number {
    if (link.by !== 0) return origin.all;
    if (link.apart === 0) {
      link.origin = origin;
      link.apart = origin.take();
    }
    return link.apart;
  }

  /** What a chain of reactions (`.then`) begins with, as long as that is not settled. */
  function behind(link: Link): number {
    let at: Link | null = link;
    for (let i = 0; i < MOST_REACTIONS && at !== null; i++, at = at.from) {
      if (at.by !== 0) return 0;
      if (at.owner !== null) return at.owner.id;
      if (at.resource !== 0) return at.origin === null ? at.resource : nameOf(at, at.origin);
      if (at.site !== 0) return nameOf(at, madeAt(at.site));
    }
    return 0;
  }

  function end(act: Act, outcome: number): void {
    recorder.write(K.activationEnd, outcome, act.id, 0, 0, 0, 0);
  }

  const probes: Probes = {
    file(path, table) {
      return sites.add(path, table);
    },

    enter(base, site) {
      const siteId = base + site;
      const { current } = moment;
      const act = new Act(recorder.nextId(), base, 0, current);
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
      moment.exited = null;
      moment.suspending = null;
      recorder.write(K.activationBegin, kind, act.id, parent, siteId, sites.name(siteId), of);
      moment.current = act;
      return act;
    },

    suspend(act, site, operand) {
      const a = act as Act;
      if (a.running) wait(a, a.base + site, operand);
      return operand;
    },

    resume(act, value) {
      const a = act as Act;
      if (!a.running) resumed(a);
      return value;
    },

    caught(act, error) {
      const a = act as Act;
      if (!a.running) {
        const failed = a.waitLink?.owner ?? null;
        resumed(a);
        if (failed !== null && failed.failed) errors.caught(failed, error);
      }
      a.mark = MARK.none;
    },

    finallyIn(act) {
      const a = act as Act;
      if (!a.running) leaving(a);
      const { mark } = a;
      a.mark = MARK.none;
      return mark;
    },

    finallyOut(act, token) {
      (act as Act).mark = token;
    },

    ret(act, site, value) {
      const a = act as Act;
      a.mark = MARK.ret;
      if (a.generator) {
        // `return E` in an async generator waits for E before anything else happens (the specification's Await).
        if (a.running) wait(a, a.base + site, value);
        return value;
      }
      if (full && typeof value === 'object' && value !== null) {
        if (linkOf(value) !== undefined) {
          a.mark = MARK.retPromise;
          a.returning = value;
          a.returnSite = a.base + site;
        }
      }
      return value;
    },

    done(act) {
      (act as Act).mark = MARK.done;
    },

    exit(act) {
      const a = act as Act;
      if (!a.running) leaving(a);
      moment.fresh = null;
      moment.suspending = null;
      if (a.mark === MARK.retPromise && a.returning !== null) {
        wait(a, a.returnSite, a.returning);
        moment.suspending = null;
        return;
      }
      a.returning = null;
      a.failed = a.mark === MARK.none;
      end(a, a.failed ? ERROR : OK);
      leave(a);
      if (full && !a.module) moment.exited = a;
    },

    yielding(act, site, value) {
      const a = act as Act;
      if (!a.running) return value;
      a.yielded = true;
      const siteId = a.base + site;
      recorder.write(K.wait, CONSUMER | sites.waitFlags(siteId), a.id, siteId, a.consumer, 0, 0);
      a.waitLink = null;
      leave(a);
      moment.fresh = null;
      return value;
    },

    made(base, site, promise) {
      if (full && typeof promise === 'object' && promise !== null) {
        const link = linkOf(promise);
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
      return seenIterable(iterable, (result) => probes.suspend(act, site, result));
    },

    stepped(act) {
      const a = act as Act;
      if (!a.running) resumed(a);
    },

    open(kind, parent, site, name, of) {
      const act = new Act(recorder.nextId(), 0, of, moment.current);
      recorder.write(K.activationBegin, kind, act.id, parent, site, name, of);
      moment.current = act;
      moment.fresh = null;
      return act;
    },

    close(act, ok) {
      recorder.write(K.activationEnd, ok ? OK : ERROR, act.id, 0, 0, 0, 0);
      act.running = false;
      moment.current = act.below;
      act.below = null;
      moment.fresh = null;
      moment.exited = null;
    },

    grouped(kind, name, result, children) {
      const link = linkOf(result);
      if (link === undefined) return;
      const parent = moment.current !== null ? moment.current.id : moment.creator;
      const resource = recorder.nextId();
      const links = children.map(
        (child) => (typeof child === 'object' && child !== null && linkOf(child)) || null,
      );
      recorder.write(
        K.resourceBegin,
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
          K.group,
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
      if (atOnce) recorder.writeSame(K.wake, 0, act.id, waker, via, 0, 0);
      else recorder.write(K.wake, 0, act.id, waker, via, 0, 0);
    },

    returned(act) {
      const inner = act.returning!;
      const callee = linkOf(inner)?.owner;
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
      recorder.write(K.group, kind | F.groupDecides, parent, resource, idOf(decider), index, children.length);
    },
  };
  return probes;
}

/** What a promise stands for: an activation, a timer, a group; 0 when that is not known. */
function idOf(link: Link): number {
  return link.owner !== null ? link.owner.id : link.resource;
}

/** It runs again though what it waited for was not settled: it must not be woken by it later. */
function forget(link: Link, act: Act): void {
  let at = link.waiter;
  if (at === act) link.waiter = act.nextWaiter;
  else {
    while (at !== null && at.nextWaiter !== act) at = at.nextWaiter;
    if (at !== null) at.nextWaiter = act.nextWaiter;
  }
  act.nextWaiter = null;
}
