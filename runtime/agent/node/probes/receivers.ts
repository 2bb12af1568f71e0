/**
 * The objects that the user's code asks for something and waits for: a limiter, a lock, a pool, a
 * client. A promise that nobody of the program's own settles stands for the object that was asked,
 * so that all who wait for one lock wait for one resource. No library is known by name here.
 *
 * It runs none of the user's code: from the root that a probe is given (`instrument/receiver.ts`)
 * it goes on by plain properties alone, and where one is an accessor it stays at the object before.
 *
 *   const release = await mutex.acquire();   the resource `mutex`; what it gave is remembered
 *   release();                               a *use* of `mutex`, by this task and at this line
 */
import { types } from 'node:util';
import { KIND, REASON, RESOURCE_KIND, USE } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import { plainProperty, typeNameOf } from '../builtins/inspect-safely.ts';
import type { Activation, PromiseInfo } from '../state/activation.ts';
import { bindResource, promiseInfoOf } from '../state/promise-info.ts';
import type { SiteReceiver } from '../contract/probe-set.ts';
import type { ThreadContext } from './thread-context.ts';

const { getOwnPropertyDescriptor, getPrototypeOf, getWeak, indexOf, matches, setWeak, slice } = builtIns;
const FUTURE = REASON.future;
const FOREIGN = RESOURCE_KIND.foreign;
const { call: CALL, inside: INSIDE, asks: ASKS, got: GOT } = USE;

/** Beyond so many objects of one place they share a resource: responses asked for their text. */
const MAX_OBJECTS_OF_SITE = 64;
const MAX_LABEL = 40;
/** Activations that a call may begin at once, one within the other. */
const MAX_BEGUN = 8;
/** What people tell objects of one class apart by. */
const LABELS = ['name', 'id', 'key'] as const;
/** Not what libraries say where there is none: `<no-id>`, `(anonymous)`. */
const IS_LABEL = /^[^\s<([{]/;
/** What the value of a wait is given back by. */
const RELEASES = ['release', 'unlock', 'free', 'dispose', 'leave', 'up', 'signal', 'putBack'] as const;

export interface Receivers {
  /** The resource of the object that the call at this site asks; 0: it is no object. */
  resourceOf(site: number, root: unknown): number;
  /**
   * The value of a call: if it is a promise of which nothing else is known, it stands for the
   * object asked.
   */
  bindAsked(site: number, value: unknown, root: unknown): void;
  /** The object that the call at this site asks; null: there is none. */
  objectAt(site: number, root: unknown): object | null;
  /** A call that gives back or stops something, by its name. */
  noteUse(site: number, root: unknown): void;
  /** The activations that began last. */
  readonly lastBegun: LastBegun;
  /** The call at this site asked the resource: what it began at once runs inside of it. */
  noteInside(resource: number, site: number): void;
  /**
   * The activation awaits an async function of the program's own at this site, by a name that says
   * that it takes something. It counts where the object can also give back.
   */
  noteTaking(activation: Activation, site: number, root: unknown): void;
  /** That function has ended well. */
  noteTaken(activation: Activation): void;
  /** What a wait for a receiver gave. */
  noteGiven(activation: Activation, value: unknown): void;
}

/** The objects that were asked at one site. */
interface Asked {
  /** Those that have a resource of their own. */
  objects: number;
  /** What all others share; 0: there are none yet. */
  shared: number;
}

interface Use {
  readonly site: number;
  readonly task: number;
}

/** @param originOf as `WaitTargets.originOf` */
export function createReceivers(
  { recorder, sites, state }: ThreadContext,
  originOf: (info: PromiseInfo) => number,
): Receivers {
  const ids = new WeakMap<object, number>();
  /** By what a receiver gave: the receiver's resource. */
  const givers = new WeakMap<object, number>();
  /** Uses of objects that nobody has waited for so far: the last of each. */
  const earlierUses = new WeakMap<object, Use>();
  const askedBySite = new SafeMap<number, Asked>();
  const lastBegun = new LastBegun();
  const releasable = new WeakMap<object, boolean>();

  function askedAt(site: number): Asked {
    const known = askedBySite.get(site);
    if (known !== undefined) return known;
    const asked = { objects: 0, shared: 0 };
    askedBySite.set(site, asked);
    return asked;
  }

  function resourceOf(site: number, root: unknown): number {
    const receiver = sites.receiver(site);
    if (receiver === null) return 0;
    const [object, holder, key, steps] = walk(root, receiver);
    if (object === null) return 0;
    const known = getWeak(ids, object);
    if (known !== undefined) return known;
    const asked = askedAt(site);
    const reached = upTo(receiver, steps);
    if (asked.objects >= MAX_OBJECTS_OF_SITE) return (asked.shared ||= define(reached.name, site));
    asked.objects++;
    const id = define(describe(reached, object, holder, key), site);
    setWeak(ids, object, id);
    const earlier = getWeak(earlierUses, object);
    if (earlier !== undefined) recordUse(id, earlier);
    return id;
  }

  function define(name: string, site: number): number {
    sites.waitFlags(site);
    const id = recorder.nextId();
    const creator = state.current !== null ? state.current.id : state.creator;
    recorder.write(KIND.resourceBegin, FOREIGN, creator, id, site, recorder.defineText(name), 0);
    return id;
  }

  function recordUse(resource: number, { site, task }: Use): void {
    sites.waitFlags(site);
    recorder.write(KIND.use, CALL, task, resource, site, 0, 0);
  }

  function noteInside(resource: number, site: number): void {
    const begun = lastBegun.take((fn) => sites.isWithin(fn, site));
    if (begun === 0) return;
    sites.waitFlags(site);
    recorder.write(KIND.use, INSIDE, begun, resource, site, 0, 0);
  }

  function objectAt(site: number, root: unknown): object | null {
    const receiver = sites.receiver(site);
    return receiver === null ? null : walk(root, receiver)[0];
  }

  function noteUse(site: number, root: unknown): void {
    const object = objectAt(site, root);
    if (object === null) return;
    const use = { site, task: state.current !== null ? state.current.id : state.creator };
    let resource = getWeak(ids, object) ?? getWeak(givers, object);
    // A function of the file's own: `release()`, as the parser asks only of those.
    if (resource === undefined && sites.isLease(site))
      setWeak(ids, object, (resource = resourceOf(site, root)));
    if (resource === undefined) setWeak(earlierUses, object, use);
    else recordUse(resource, use);
  }

  function isReleasable(value: object): boolean {
    if (types.isProxy(value)) return false;
    const prototype: unknown = getPrototypeOf(value);
    if (typeof prototype !== 'object' || prototype === null) return false;
    let known = getWeak(releasable, prototype);
    if (known === undefined) {
      known = false;
      for (let i = 0; i < RELEASES.length; i++)
        if (plainProperty(prototype, RELEASES[i]!) !== undefined) known = true;
      setWeak(releasable, prototype, known);
    }
    return known;
  }

  function noteTaking(activation: Activation, site: number, root: unknown): void {
    const object = objectAt(site, root);
    if (object === null || !isReleasable(object)) return;
    const resource = resourceOf(site, root);
    if (resource === 0) return;
    activation.receiver = resource;
    activation.takingSite = site;
    recorder.write(KIND.use, ASKS, activation.id, resource, site, 0, 0);
  }

  function noteTaken(activation: Activation): void {
    const { id, receiver, takingSite } = activation;
    activation.takingSite = 0;
    recorder.write(KIND.use, GOT, id, receiver, takingSite, 0, 0);
  }

  function bindAsked(site: number, value: unknown, root: unknown): void {
    if (!types.isPromise(value)) return;
    const info = promiseInfoOf(value);
    if (info === undefined || info.owner !== null || info.resource !== 0) return;
    if (info.site !== 0 && typeof root === 'function') return;
    if (info.settler !== 0 || (info.from !== null && originOf(info) !== 0)) return;
    const resource = resourceOf(site, root);
    if (resource === 0) return;
    bindResource(info, FUTURE, resource);
    noteInside(resource, site);
  }

  function noteGiven(activation: Activation, value: unknown): void {
    const isGiven =
      typeof value === 'function' || (typeof value === 'object' && value !== null && isReleasable(value));
    if (isGiven) setWeak(givers, value, activation.receiver);
  }

  // Near the end of the stack there may be too little of it: the object then stays unknown.
  return {
    lastBegun,
    noteInside(resource, site) {
      try {
        noteInside(resource, site);
      } catch {}
    },
    objectAt(site, root) {
      try {
        return objectAt(site, root);
      } catch {
        return null;
      }
    },
    resourceOf(site, root) {
      try {
        return resourceOf(site, root);
      } catch {
        return 0;
      }
    },
    noteTaken,
    noteTaking(activation, site, root) {
      try {
        noteTaking(activation, site, root);
      } catch {}
    },
    bindAsked(site, value, root) {
      try {
        bindAsked(site, value, root);
      } catch {}
    },
    noteUse(site, root) {
      try {
        noteUse(site, root);
      } catch {}
    },
    noteGiven(activation, value) {
      try {
        noteGiven(activation, value);
      } catch {}
    },
  };
}

/**
 * @returns the object at the end of the way, and what holds it, null where there is none; the key
 *   that the text does not tell, '' where there is none
 */
function walk(
  root: unknown,
  { keys, index, event }: SiteReceiver,
): readonly [object: object | null, holder: object | null, key: string, steps: number] {
  let key = '';
  if (index !== undefined) {
    // A pair of ours: the root and the key.
    const given = (root as readonly unknown[])[1];
    if (typeof given !== 'string' && typeof given !== 'number') return NOWHERE;
    key = `${given}`;
    root = (root as readonly unknown[])[0];
  }
  if (event !== undefined) root = (root as readonly unknown[])[0];
  let object = objectOf(root);
  let holder: object | null = null;
  for (let i = 0; i < keys.length && object !== null; i++) {
    const name = keys[i]!;
    const next = objectOf(plainProperty(object, name === '' ? key : name));
    // What an unknown key leads to is one of many.
    if (next === null) return index === undefined ? [object, holder, key, i] : NOWHERE;
    holder = object;
    object = next;
  }
  return [object, holder, key, keys.length];
}

/** By hand: the program may have replaced `slice` of arrays. */
function firstOf(keys: readonly string[], count: number): string[] {
  const first: string[] = [];
  for (let i = 0; i < count; i++) first[i] = keys[i]!;
  return first;
}

const NOWHERE = [null, null, '', 0] as const;

/** `db` of `db.schema`, where the walk ended at `db`: the property behind it is an accessor. */
function upTo(receiver: SiteReceiver, steps: number): SiteReceiver {
  const { name, keys, index } = receiver;
  if (steps === keys.length || index !== undefined) return receiver;
  let end = name.length;
  for (let i = keys.length - 1; i >= steps; i--) end -= keys[i]!.length + 1;
  return { ...receiver, name: slice(name, 0, end), keys: firstOf(keys, steps) };
}

/** The name of the event that a call emits, where its text has none; '': it is none. */
export function emittedName({ event }: SiteReceiver, root: unknown): string {
  if (event === undefined) return '';
  const given = (root as readonly unknown[])[1];
  if (event === '') return typeof given === 'string' ? given : '';
  if (typeof given !== 'object' || given === null) return '';
  const name = plainProperty(given, event);
  return typeof name === 'string' ? name : '';
}

/** A few activations, in the order in which they began. */
class LastBegun {
  private readonly ids = new Int32Array(MAX_BEGUN);
  private readonly sites = new Int32Array(MAX_BEGUN);
  private next = 0;

  add(id: number, site: number): void {
    this.ids[this.next] = id;
    this.sites[this.next] = site;
    this.next = (this.next + 1) % MAX_BEGUN;
  }

  /**
   * @returns the id of the first that began at such a site, 0: none did. It is forgotten, with what
   *   began after it.
   */
  take(isWanted: (site: number) => boolean): number {
    let found = 0;
    for (let i = 0; i < MAX_BEGUN; i++) {
      const at = (this.next + i) % MAX_BEGUN;
      if (found === 0 && this.sites[at] !== 0 && isWanted(this.sites[at]!)) found = this.ids[at]!;
      if (found !== 0) this.sites[at] = 0;
    }
    return found;
  }
}

const objectOf = (value: unknown): object | null =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' ? value : null;

/**
 * "mutex"; "anna.lock" where what holds the lock is called anna; "Account.lock" for `this.lock`;
 * "queue (mail)" where the object has a name of its own.
 */
function describe(
  { name: written, keys, ofThis, index }: SiteReceiver,
  object: object,
  holder: object | null,
  key: string,
): string {
  const name = index === undefined ? written : withKey(written, index, key);
  const own = labelOf(object);
  const last = keys[keys.length - 1] || name;
  if (own !== '') return own === last ? last : `${last} (${own})`;
  if (holder === null) return name;
  const holderLabel = labelOf(holder);
  if (holderLabel !== '') return `${holderLabel}.${last}`;
  const holderType = ofThis === true ? typeNameOf(holder) : '';
  return holderType === '' || holderType === 'Object' ? name : `${holderType}.${last}`;
}

/** "locks[3]" of "locks[i]". */
function withKey(written: string, index: string, key: string): string {
  const at = indexOf(written, `[${index}]`) + 1;
  return slice(written, 0, at) + key + slice(written, at + index.length);
}

/** A function is told by the variable that holds it, and not by a name that its library gave it. */
function labelOf(object: object): string {
  if (typeof object === 'function' || types.isProxy(object)) return '';
  for (let i = 0; i < LABELS.length; i++) {
    const key = LABELS[i]!;
    const value: unknown = getOwnPropertyDescriptor(object, key)?.value;
    if (typeof value === 'string' && value.length <= MAX_LABEL && matches(IS_LABEL, value) !== null)
      return value;
    if (typeof value === 'number') return `${key} ${value}`;
  }
  return '';
}
