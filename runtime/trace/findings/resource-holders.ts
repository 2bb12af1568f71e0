/**
 * Who has what others wait for, from facts alone: for objects whose library nobody taught us (a
 * limiter, a mutex, a pool) it is seen who got through a wait for one, what ran inside a call of
 * one, and who called what gives back. The rules deadlock and not-released read it.
 *
 *   await limit(() => crawl(x))      crawl began while its parent waits for `limit`: *inside* it
 *   const release = await m.acquire()  the task *got through* `m`
 *   release()                         a *use* of `m` by the task: it gave back
 *
 * A call through a function that was handed on (`.finally(release)`) is not seen.
 */
import type { LevelChange, ResourceUse } from '../fold/observer.ts';
import { ACTIVATION_KIND, KIND, LANGUAGE, numberSet, REASON, RESOURCE_KIND, USE } from '../format/kinds.ts';
import { resourceOfTarget, State, type Target } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait, Wait } from '../model/wait.ts';
import type { RuleRun } from './finding.ts';
import { PermitLog } from './permit-log.ts';

/** Those of connections are another rule's (connection-uses.ts). */
const OF_OBJECTS = numberSet(USE, 'call', 'inside', 'asks', 'got');
/** Of one resource the last so many are kept. */
const MAX_KEPT = 1000;
/** Resources that are watched. */
const MAX_RESOURCES = 10_000;
const MAX_GROUP_MEMBERS = 1000;
const MAX_ANCESTORS = 100;
const MAX_BEGUN = 64;
const CALLBACK_KINDS = numberSet(ACTIVATION_KIND, 'timer-callback', 'event-callback');
/** Waits that somebody ends who has the resource and gives it back. */
const OWNED_REASONS = numberSet(REASON, 'lock', 'semaphore');
/** Who got a place at once did not wait for its own. */
const MIN_NESTED_NS = 500e6;
/** A time limit begins so close to the wait that it is for. */
const MAX_BEFORE_NS = 20e6;
const MIN_SHARE_OF_LIMIT = 0.8;

/** A task got what it had asked a resource for. */
export interface Passage {
  /** The frame that waited, and not its row. */
  readonly task: number;
  readonly site: number;
  readonly t: number;
}

export interface HeldResource {
  readonly passages: Passage[];
  readonly uses: ResourceUse[];
  /** Tasks that began inside a call of it, by themselves. */
  readonly inside: Inside[];
}

export interface Inside {
  readonly task: number;
  /** The row that waits for the call, and where. */
  readonly caller: number;
  readonly site: number;
}

/** A long wait for a resource that ended, within a call of the same resource. */
export interface NestedWait {
  readonly resource: number;
  readonly task: number;
  readonly site: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly around: Inside;
}

/** A wait for an object that ended by the time limit that its library had set for it. */
export interface GivenUp {
  readonly resource: number;
  readonly task: number;
  readonly site: number;
  readonly t: number;
  readonly limitNs: number;
  /** The task that had it then, or had ended without giving it back; −1: none is known. */
  readonly holder: number;
}

export class ResourceHolders implements Omit<RuleRun, 'findings'> {
  protected readonly trace: Trace;
  readonly #resources = new Map<number, HeldResource>();
  /** By task: what an async function of the program's own is to get it. */
  readonly #asks = new Map<number, { readonly resource: number; readonly site: number }>();
  /** By a lock or semaphore that tells who takes it: who has it now, and since when. */
  readonly #owners = new Map<number, Map<number, Passage>>();
  /** By task that runs: what it has begun since it went on. */
  readonly #begunAtOnce = new Map<number, number[]>();
  readonly nested: NestedWait[] = [];
  readonly givenUp: GivenUp[] = [];
  readonly permits: PermitLog;

  constructor(trace: Trace) {
    this.trace = trace;
    this.permits = new PermitLog(trace);
  }

  /**
   * A wait as one for the object that is asked: where an async function of the program's own takes
   * it, it is the wait of the frame that called that function.
   */
  waitForAsked(wait: Wait): Wait {
    const { leaf, frameOf } = this.trace.tasks;
    let task = leaf[wait.row]!;
    for (let i = 0; task >= 0 && i < MAX_ANCESTORS; i++, task = frameOf[task]!) {
      const asked = this.#asks.get(task);
      if (asked !== undefined) return { ...wait, target: -asked.resource - 1, site: asked.site };
    }
    return wait;
  }

  heldOf(resource: number): HeldResource | undefined {
    return this.#resources.get(resource);
  }

  /** Who has a lock or semaphore now. */
  ownersOf(resource: number): readonly Passage[] {
    return [...(this.#owners.get(resource)?.values() ?? [])];
  }

  levelChanged(change: LevelChange): void {
    this.permits.change(change);
    const { resource, t, by, kind } = change;
    if (kind === KIND.acquire && by >= 0) {
      let owners = this.#owners.get(resource);
      if (owners === undefined && this.#owners.size >= MAX_RESOURCES) return;
      if (owners === undefined) this.#owners.set(resource, (owners = new Map()));
      if (owners.size < MAX_KEPT && !owners.has(by)) owners.set(by, { task: by, site: -1, t });
    } else if (kind === KIND.release) {
      const owners = this.#owners.get(resource);
      // Another may give it back; then the first who has it counts as the one.
      const owner = owners?.has(by) === true ? by : owners?.keys().next().value;
      if (owner !== undefined) owners!.delete(owner);
    }
  }

  taskBegan(task: number): void {
    const { parent, state } = this.trace.tasks;
    // A limiter may let a function run from a callback of its own.
    if (this.#isOfPackage(task)) return;
    let caller = parent[task]!;
    for (let i = 0; caller >= 0 && this.#isOfPackage(caller) && i < MAX_ANCESTORS; i++)
      caller = parent[caller]!;
    if (caller < 0) return;
    if (state[caller] === State.wait) this.#addInside(task, caller);
    else this.#noteBegunAtOnce(task, caller);
  }

  /** A call that began a function before it returned is waited for from now on. */
  taskSuspended(task: number): void {
    const begun = this.#begunAtOnce.get(task);
    if (begun === undefined) return;
    this.#begunAtOnce.delete(task);
    const { waitSite } = this.trace.tasks;
    const { text = '' } = this.trace.sites[waitSite[task]!] ?? {};
    if (!text.includes('=>')) return;
    for (const each of begun) {
      const name = this.trace.nameOf(each).split('.').pop()!;
      if (text.includes(` ${name}(`) || text.includes(`(${name}(`)) this.#addInside(each, task);
    }
  }

  /** The caller waits for an object: what begins meanwhile as its own runs within its call. */
  #addInside(task: number, caller: number): void {
    const { target, waitSite } = this.trace.tasks;
    const resource = this.#askedBy(target[caller]!);
    if (resource < 0) return;
    const held = this.#watch(resource);
    const isInGroup = resourceOfTarget(target[caller]!) !== resource;
    const site = isInGroup ? this.trace.resources[resource]!.site : waitSite[caller]!;
    if (held) keep(held.inside, { task, caller, site });
  }

  #noteBegunAtOnce(task: number, caller: number): void {
    const begun = this.#begunAtOnce.get(caller);
    if (begun === undefined) {
      if (this.#begunAtOnce.size < MAX_RESOURCES) this.#begunAtOnce.set(caller, [task]);
    } else if (begun.length < MAX_BEGUN) begun.push(task);
  }

  waitEnded(wait: EndedWait): void {
    const { task, target, site, startNs, endNs } = wait;
    const resource = resourceOfTarget(target);
    const limitNs = limitOf(this.trace, wait);
    if (limitNs === 0) this.#pass(task, target, site, endNs);
    else {
      const holder = this.#holderOf(wait);
      // Who waits within its own turn is in a circle.
      if (holder < 0 || !this.#isWithin(task, holder))
        keep(this.givenUp, { resource, task, site, t: endNs, limitNs, holder });
    }
    if (endNs - startNs < MIN_NESTED_NS || this.nested.length >= MAX_KEPT) return;
    const around = this.heldOf(resource)?.inside.find((inside) => this.#isWithin(task, inside.task));
    if (around !== undefined) this.nested.push({ resource, task, site, startNs, endNs, around });
  }

  /**
   * Who has what this wait was for: what runs inside, else who got through; −1: nobody is known.
   */
  #holderOf({ target, task: waiting }: EndedWait): number {
    const { state } = this.trace.tasks;
    const held = this.heldOf(resourceOfTarget(target));
    const inside = held?.inside.find(({ task }) => state[task] !== State.ended);
    if (inside !== undefined) return inside.task;
    const gaveBack = ({ task, t }: Passage): boolean =>
      held!.uses.some((use) => use.by === task && use.t >= t);
    const passage = held?.passages.find((each) => each.task !== waiting && !gaveBack(each));
    return passage?.task ?? -1;
  }

  /** A callback of which no line is the program's. */
  #isOfPackage(task: number): boolean {
    const { kind, site } = this.trace.tasks;
    return site[task]! < 0 && CALLBACK_KINDS.has(kind[task]!);
  }

  /** The task, or one that awaits it or began it, is this one, which has not ended. */
  #isWithin(task: number, outer: number): boolean {
    const { state, frameOf, parent } = this.trace.tasks;
    if (state[outer] === State.ended) return false;
    let at = task;
    for (let i = 0; at >= 0 && i < MAX_ANCESTORS; i++) {
      if (at === outer) return true;
      at = frameOf[at]! >= 0 ? frameOf[at]! : parent[at]!;
    }
    return false;
  }

  taskEnded(task: number): void {
    this.#asks.delete(task);
    this.#begunAtOnce.delete(task);
  }

  waitPassed(task: number, t: number): void {
    const { target, waitSite } = this.trace.tasks;
    this.#pass(task, target[task]!, waitSite[task]!, t);
  }

  resourceUsed(use: ResourceUse): void {
    const { useKind, by, site, t } = use;
    if (!OF_OBJECTS.has(useKind)) return;
    const owner = useKind === USE.got ? this.#owners.get(use.resource)?.get(by) : undefined;
    if (owner !== undefined) this.#owners.get(use.resource)!.set(by, { ...owner, site });
    const held = this.#watch(use.resource);
    if (held === undefined) return;
    if (useKind === USE.call) keep(held.uses, { ...use });
    else if (useKind === USE.asks) this.#asks.set(by, { resource: use.resource, site });
    else if (useKind === USE.got) {
      this.#asks.delete(by);
      keep(held.passages, { task: by, site, t });
    } else if (by >= 0)
      keep(held.inside, { task: use.by, caller: this.trace.tasks.parent[use.by]!, site: use.site });
  }

  #pass(task: number, target: Target, site: number, t: number): void {
    const resource = resourceOfTarget(target);
    this.permits.pass(task, resource, site);
    if (!isAsked(this.trace, resource)) return;
    const held = this.#watch(resource);
    if (held) keep(held.passages, { task, site, t });
  }

  /** The one object that a wait is for; −1: another kind of wait, or a group of several objects. */
  #askedBy(target: Target): number {
    const asked = askedBy(this.trace, target);
    return asked.length === 1 ? asked[0]! : -1;
  }

  #watch(resource: number): HeldResource | undefined {
    let held = this.#resources.get(resource);
    if (held === undefined && this.#resources.size < MAX_RESOURCES) {
      held = { passages: [], uses: [], inside: [] };
      this.#resources.set(resource, held);
    }
    return held;
  }
}

/**
 * A wait for an object that was ended by a timer which the waiting task had set as it began to
 * wait, and which the object's library must have made: its time limit, ns; 0: it is no such wait.
 */
function limitOf(trace: Trace, { task, target, waker, startNs, endNs }: EndedWait): number {
  if (waker < 0 || trace.tasks.kind[waker] !== ACTIVATION_KIND['timer-callback']) return 0;
  if (!isAsked(trace, resourceOfTarget(target))) return 0;
  const timer = trace.resources[trace.tasks.resource[waker]!];
  if (timer?.creator !== task || Math.abs(timer.beganNs - startNs) > MAX_BEFORE_NS) return 0;
  const limitNs = Number(/^setTimeout (\d+) ms/.exec(timer.name)?.[1] ?? 0) * 1e6;
  return endNs - startNs >= MIN_SHARE_OF_LIMIT * limitNs ? limitNs : 0;
}

/** It is an object that the program asks, and not a timer, a group or a promise of its own. */
export const isAsked = (trace: Trace, resource: number): boolean =>
  resource >= 0 && trace.resources[resource]?.kind === RESOURCE_KIND.foreign;

/**
 * The wait is for a lock or semaphore of which it is recorded who has it. The library's tasks come
 * to wait for a turn of the loop when they have got theirs already; Python's do not.
 */
export function isOwned(trace: Trace, { reason, target }: Pick<Wait, 'reason' | 'target'>): boolean {
  return OWNED_REASONS.has(reason) && isOfPython(trace, resourceOfTarget(target));
}

export function isOfPython(trace: Trace, resource: number): boolean {
  const { process = -1 } = trace.resources[resource] ?? {};
  return trace.processes[process]?.language === LANGUAGE.python;
}

/** The objects that a wait is for, by itself or as members of a group. */
export function askedBy(trace: Trace, target: Target): readonly number[] {
  const resource = resourceOfTarget(target);
  if (isAsked(trace, resource)) return [resource];
  const members = trace.groups.get(resource)?.members.slice(0, MAX_GROUP_MEMBERS) ?? [];
  const asked = members.map(resourceOfTarget).filter((member) => isAsked(trace, member));
  return asked.length > 1 ? [...new Set(asked)] : asked;
}

function keep<T>(list: T[], item: T): void {
  if (list.length >= MAX_KEPT) list.splice(0, MAX_KEPT / 2);
  list.push(item);
}
