/**
 * Promises that can never settle: somebody waits for them, and both functions that could settle
 * them are gone. V8 collects a function only when nothing can call it any more, so this is proven.
 * A promise that was resolved with another is decided by that one.
 *
 * It looks after each collection of garbage that V8 does by itself. Where the process does little
 * (recorder/quiet-watch.ts), it collects once for each such promise: a small program does none.
 */
import { getHeapStatistics } from 'node:v8';
import { FACT, GROUP_KIND, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap, SafeRef } from '../../../recorder/built-ins.ts';
import { beforeNextPoll } from '../../../recorder/before-next-poll.ts';
import { collectGarbage } from '../builtins/collect-garbage.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import type { PromiseInfo } from '../state/activation.ts';
import { promiseInfoOf } from '../state/promise-info.ts';
import { Resolvers } from '../state/resolvers.ts';
import type { ThreadContext } from './thread-context.ts';

const { getPrototypeOf, textOf } = builtIns;
const COLLECTED = FACT.collected;
const PROMISE: object = Promise.prototype;

/** A longer chain of `.then` is not gone: the work at an `await` has a bound. */
const MAX_REACTIONS = 8;
/** So many waits for one promise are told. */
const MAX_TASKS = 8;
const MIN_RECENT = 512;
/** Beyond so many promises that are waited for at once and for long, no more are watched. */
const MAX_WATCHED = 16_384;
/** What it takes to collect a larger heap would be felt. */
const MAX_HEAP_BYTES = 64 * 2 ** 20;
const MAX_COLLECTIONS = 20;
/** What V8 shows for each of its own. */
const NATIVE = 'function () { [native code] }';
const { all: ALL, 'all-settled': ALL_SETTLED } = GROUP_KIND;

export interface LostResolvers {
  /** An executor begins; `newest` is the promise that V8 made just before. */
  noteGiven(newest: PromiseInfo | null, first: unknown, second: unknown): void;
  /** That `new Promise` is over, at this site. */
  noteMade(info: PromiseInfo, site: number, promise: object): void;
  /** `Promise.withResolvers()` gave this. */
  noteDeferred(site: number, deferred: object): void;
  /** What can settle the promises of this site is given to a listener. */
  noteListening(site: number, emitter: object): void;
  /** The promise whose executor runs now is told of when somebody waits for it. */
  whenAwaited(tell: (task: number) => void): void;
  /** Those that somebody waits for. */
  eachAwaited(visit: (resolvers: Resolvers) => void): void;
  /** An activation begins to wait for a promise that is pending. */
  noteWait(info: PromiseInfo, task: number): void;
  /** A promise was resolved with another, which decides from now on. */
  followAdoption(adopting: PromiseInfo, from: PromiseInfo): void;
  /** Writes a fact for each promise that can never settle. */
  scan(): void;
  /** The process does little. */
  scanQuietly(): void;
}

export function createLostResolvers({
  recorder,
  sites,
}: Pick<ThreadContext, 'recorder' | 'sites'>): LostResolvers {
  /** Held as they are, for a short time: most are settled soon, and a weak hold is dear. */
  let recent: Resolvers[] = [];
  let pruneAt = MIN_RECENT;
  let watched: Resolvers[] = [];
  let collections = 0;
  /** By site: what is made there gets V8's own functions. */
  const nativeSites = new SafeMap<number, boolean>();
  const listeningSites = new SafeMap<number, true>();
  /** Of the executor that runs now. */
  let given: Resolvers | null = null;
  let isAwaitingCollection = false;
  /** Its only object goes with the next collection of garbage. */
  const nextCollection = new FinalizationRegistry<null>(() => {
    isAwaitingCollection = false;
    scan();
    weaken(0);
    awaitCollection();
  });
  const register = nextCollection.register.bind(nextCollection);

  function awaitCollection(): void {
    if (isAwaitingCollection || recent.length + watched.length === 0) return;
    isAwaitingCollection = true;
    register({}, null);
  }

  function isOfV8(site: number, first: object): boolean {
    const known = nativeSites.get(site);
    if (known !== undefined) return known;
    const isNative = textOf(first as () => void) === NATIVE;
    nativeSites.set(site, isNative);
    return isNative;
  }

  function noteWait(info: PromiseInfo, task: number): void {
    let at: PromiseInfo | null = info;
    for (let i = 0; i < MAX_REACTIONS && at !== null && at.settler === 0; i++, at = at.from) {
      const { resolvers, group } = at;
      if (resolvers !== null && !resolvers.isOver) return watch(resolvers, task);
      if (group !== null) {
        const { children, kind } = group;
        // Others may come to an end without each of their members.
        if (kind !== ALL && kind !== ALL_SETTLED) return;
        for (let j = 0; j < children.length; j++) {
          const own = children[j]?.resolvers ?? null;
          if (own !== null && !own.isOver) watch(own, task);
        }
        return;
      }
    }
  }

  function watch(resolvers: Resolvers, task: number): void {
    const { site } = resolvers;
    if (site === 0) return;
    if (resolvers.task !== 0) {
      const others = (resolvers.otherTasks ??= []);
      if (others.length < MAX_TASKS) others[others.length] = task;
      return;
    }
    if (!isOfV8(site, resolvers.first!)) return;
    resolvers.task = task;
    if (resolvers.onAwaited !== null) resolvers.onAwaited(task);
    if (recent.length >= pruneAt) {
      weaken(1);
      pruneAt = 2 * recent.length > MIN_RECENT ? 2 * recent.length : MIN_RECENT;
    }
    recent[recent.length] = resolvers;
    if (!isAwaitingCollection) awaitCollection();
  }

  /** Holds those weakly that were so often found pending. */
  function weaken(age: number): void {
    const left: Resolvers[] = [];
    for (let i = 0; i < recent.length; i++) {
      const resolvers = recent[i]!;
      if (resolvers.isOver) continue;
      if (resolvers.age++ < age) left[left.length] = resolvers;
      else if (watched.length < MAX_WATCHED) {
        const { first, second } = resolvers;
        resolvers.firstRef = new SafeRef(first!);
        if (second !== null) resolvers.secondRef = new SafeRef(second);
        resolvers.first = resolvers.second = null;
        watched[watched.length] = resolvers;
      }
    }
    recent = left;
  }

  /** @returns whether there are some for which no garbage was collected yet */
  function prune(isKept: (resolvers: Resolvers) => boolean): boolean {
    const left: Resolvers[] = [];
    let isNew = false;
    for (let i = 0; i < watched.length; i++) {
      const resolvers = watched[i]!;
      if (resolvers.isOver || !isKept(resolvers)) continue;
      isNew ||= !resolvers.isSought;
      left[left.length] = resolvers;
    }
    watched = left;
    return isNew;
  }

  function isReachable({ firstRef, secondRef }: Resolvers): boolean {
    return firstRef!.deref() !== undefined || secondRef?.deref() !== undefined;
  }

  function scan(): void {
    prune((resolvers) => {
      if (isReachable(resolvers)) return true;
      const { task, otherTasks, site } = resolvers;
      const listens = listeningSites.get(site) === true ? 1 : 0;
      sites.waitFlags(site);
      recorder.write(KIND.fact, COLLECTED, task, site, 0, 0, listens);
      if (otherTasks !== null)
        for (let i = 0; i < otherTasks.length; i++)
          recorder.write(KIND.fact, COLLECTED, otherTasks[i]!, site, 0, 0, listens);
      return false;
    });
  }

  function scanQuietly(): void {
    weaken(0);
    const isNew = prune(() => true);
    if (!isNew || collections >= MAX_COLLECTIONS) return;
    if (getHeapStatistics().used_heap_size > MAX_HEAP_BYTES) return;
    collections++;
    for (let i = 0; i < watched.length; i++) watched[i]!.isSought = true;
    beforeNextPoll(() => {
      if (collectGarbage()) scan();
    });
  }

  return {
    noteGiven(newest, first, second) {
      given = null;
      if (newest === null || newest.resolvers !== null || newest.site !== 0) return;
      if (typeof first !== 'function' || (second !== undefined && typeof second !== 'function')) return;
      given = newest.resolvers = new Resolvers(first, second ?? null);
    },

    noteMade(info, site, promise) {
      const { resolvers } = info;
      given = null;
      // A subclass may hand on functions of its own.
      if (resolvers !== null && getPrototypeOf(promise) === PROMISE) resolvers.site = site;
    },

    noteDeferred(site, deferred) {
      const promise = plainProperty(deferred, 'promise');
      const resolve = plainProperty(deferred, 'resolve');
      const reject = plainProperty(deferred, 'reject');
      if (typeof promise !== 'object' || promise === null) return;
      if (typeof resolve !== 'function' || typeof reject !== 'function') return;
      const info = promiseInfoOf(promise);
      if (info === undefined || info.site !== 0) return;
      info.site = site;
      if (info.settler !== 0 || getPrototypeOf(promise) !== PROMISE) return;
      info.resolvers = new Resolvers(resolve, reject);
      info.resolvers.site = site;
    },

    noteListening(site, emitter) {
      listeningSites.set(site, true);
      if (given !== null && given.emitter === null && sites.hears(site).length > 0)
        given.emitter = new SafeRef(emitter);
    },

    whenAwaited(tell) {
      if (given !== null) given.onAwaited = tell;
    },

    eachAwaited(visit) {
      for (let i = 0; i < recent.length; i++) visit(recent[i]!);
      for (let i = 0; i < watched.length; i++) visit(watched[i]!);
    },

    noteWait,

    followAdoption(adopting, from) {
      const { task, otherTasks } = adopting.resolvers!;
      if (task === 0 || from.settler !== 0) return;
      noteWait(from, task);
      if (otherTasks !== null) for (let i = 0; i < otherTasks.length; i++) noteWait(from, otherTasks[i]!);
    },

    scan,
    scanQuietly,
  };
}
