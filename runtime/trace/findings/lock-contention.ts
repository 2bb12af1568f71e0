/**
 * A lock that many tasks wait for: for how long, and who held it meanwhile. Each nanosecond counts
 * once per waiting task and is charged to the lock's holder. A task that waits for a lock which it
 * holds itself is a finding of its own: it waits for ever.
 */
import type { LevelChange, RowChange } from '../fold/observer.ts';
import { REASON, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import { processKnownUntil } from '../model/known-until.ts';
import { resourceOfTarget, State, type Target } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration, share } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { describeTarget, inFunction } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { lockConvoy } from './lock-convoy.ts';
import { isOfPython } from './resource-holders.ts';

export const lockContention: Rule = {
  name: 'lock-contention',
  description: 'Tasks waited long for a lock that others held.',
  start: (trace) => new LockContention(trace),
};

const LOCK_KINDS = numberSet(RESOURCE_KIND, 'lock', 'rlock');
/** So many waits for one lock are a line. */
const MIN_CONVOY = 3;
/** All waits together, and their share of the time since the lock was made. */
const MIN_WAIT_NS = 100e6;
const MIN_SHARE = 0.1;
/** A task that waits so long for its own lock while the thread is free will not go on. */
const MIN_DEADLOCK_NS = 1e9;
/** Beyond so many holders of one lock, the time of further ones is charged to nobody. */
const MAX_HOLDERS = 1000;
const MAX_SITES = 100;
/** A holder that has so much of it is the cause; else it is what all of them do. */
const MIN_HOLDER_SHARE = 0.5;
/** What they do all waited for, of the time for which somebody waited. */
const MIN_DONE_SHARE = 0.5;

interface LongWait {
  readonly ns: number;
  readonly row: number;
  readonly reason: number;
  readonly target: Target;
  readonly site: number;
}

/** The waits for one lock, and who held it meanwhile. */
class LockWaits {
  /** Rows that wait now. */
  waiting = 0;
  /** Waits that began. */
  waits = 0;
  firstNs = Number.NaN;
  totalNs = 0;
  /** Up to when the waits are counted in `totalNs`. */
  countedNs = 0;
  /** The row that holds the lock; −1: it is free. */
  holder = -1;
  heldSinceNs = 0;
  /** By row: the time that others waited while it held the lock. */
  readonly chargedNs = new Map<number, number>();
  longest: LongWait | null = null;
  /** The longest wait of a holder while others waited for the lock. */
  longestOfHolder: LongWait | null = null;
  /** For how long somebody waited. */
  contendedNs = 0;
  /** By site: how long holders waited there meanwhile, and the longest of those waits. */
  readonly heldAt = new Map<number, { ns: number; longest: LongWait }>();

  countUntil(t: number): void {
    const ns = this.waiting * Math.max(0, t - this.countedNs);
    this.countedNs = t;
    if (ns === 0) return;
    this.totalNs += ns;
    this.contendedNs += ns / this.waiting;
    const { chargedNs, holder } = this;
    if (holder >= 0 && (chargedNs.has(holder) || chargedNs.size < MAX_HOLDERS))
      chargedNs.set(holder, (chargedNs.get(holder) ?? 0) + ns);
  }
}

interface HeldAt {
  readonly ns: number;
  readonly longest: LongWait;
}

interface OpenWait {
  readonly resource: number;
  /** Another row holds the lock; false: the waiting row holds it itself. */
  readonly isForOther: boolean;
}

class LockContention implements RuleRun {
  readonly #trace: Trace;
  /** By resource. */
  readonly #locks = new Map<number, LockWaits>();
  /** By row: the lock that it waits for. */
  readonly #openWaits = new Map<number, OpenWait>();
  /** By row: the lock that it took last and still holds. */
  readonly #heldLocks = new Map<number, LockWaits>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  levelChanged({ resource, t }: LevelChange): void {
    const { kind, holder: task } = this.#trace.resources[resource]!;
    if (!LOCK_KINDS.has(kind)) return;
    const lock = this.#lockOf(resource);
    lock.countUntil(t);
    const holder = task < 0 ? -1 : this.#trace.rowOf(task);
    if (holder === lock.holder) return;
    if (this.#heldLocks.get(lock.holder) === lock) this.#heldLocks.delete(lock.holder);
    if (holder >= 0) this.#heldLocks.set(holder, lock);
    lock.holder = holder;
    lock.heldSinceNs = t;
  }

  rowChanged({ row, t, state, reason, target }: RowChange): void {
    const before = this.#openWaits.size === 0 ? undefined : this.#openWaits.get(row);
    if (before !== undefined) {
      this.#openWaits.delete(row);
      const lock = this.#lockOf(before.resource);
      lock.countUntil(t);
      if (before.isForOther) lock.waiting--;
    }
    if (state !== State.wait || reason !== REASON.lock || target >= 0) return;
    const resource = resourceOfTarget(target);
    const lock = this.#lockOf(resource);
    const isForOther = lock.holder !== row;
    this.#openWaits.set(row, { resource, isForOther });
    if (!isForOther) return;
    lock.countUntil(t);
    lock.waiting++;
    lock.waits++;
    if (Number.isNaN(lock.firstNs)) lock.firstNs = t;
  }

  /** The frame's wait and lock are its caller's from here on: the caller's row waits already. */
  taskAbsorbed(task: number, into: number): void {
    const wait = this.#openWaits.get(task);
    if (wait !== undefined) {
      this.#openWaits.delete(task);
      if (wait.isForOther) {
        const lock = this.#lockOf(wait.resource);
        lock.waiting--;
        lock.waits--;
      }
    }
    const held = this.#heldLocks.get(task);
    if (held === undefined) return;
    this.#heldLocks.delete(task);
    this.#heldLocks.set(into, held);
    held.holder = into;
  }

  waitEnded({ row, startNs, endNs, reason, target, site }: EndedWait): void {
    const ns = endNs - startNs;
    if (reason === REASON.lock && target < 0) {
      const lock = this.#lockOf(resourceOfTarget(target));
      if (ns > (lock.longest?.ns ?? 0)) lock.longest = { ns, row, reason, target, site };
      return;
    }
    const held = this.#heldLocks.get(row);
    if (held === undefined || held.waiting === 0 || startNs < held.heldSinceNs) return;
    const wait = { ns, row, reason, target, site };
    if (ns > (held.longestOfHolder?.ns ?? 0)) held.longestOfHolder = wait;
    const at = held.heldAt.get(site);
    if (at === undefined) {
      if (held.heldAt.size < MAX_SITES) held.heldAt.set(site, { ns, longest: wait });
      return;
    }
    at.ns += ns;
    if (ns > at.longest.ns) at.longest = wait;
  }

  findings(): Finding[] {
    const trace = this.#trace;
    return [
      ...[...this.#openWaits].flatMap(([row, { resource }]) =>
        this.#locks.get(resource)?.holder === row ? (deadlockOf(trace, row, resource) ?? []) : [],
      ),
      ...[...this.#locks].flatMap(([resource, lock]) => contentionOf(trace, resource, lock) ?? []),
    ];
  }

  #lockOf(resource: number): LockWaits {
    let lock = this.#locks.get(resource);
    if (lock === undefined) this.#locks.set(resource, (lock = new LockWaits()));
    return lock;
  }
}

/**
 * The row waits for a lock that it holds. Null: it may only be about to go on, or may take the lock
 * twice.
 */
function deadlockOf(trace: Trace, row: number, resource: number): Finding | null {
  // A release may be among the records that are missing.
  if (
    trace.resources[resource]!.kind !== RESOURCE_KIND.lock ||
    trace.losses.hasAny(trace.tasks.process[row]!)
  )
    return null;
  const { tasks } = trace;
  // An `await` of a lock that was free is such a wait, too, until the thread comes back to it.
  const { endNs } = trace.processes[tasks.process[row]!]!;
  const isLaneBusy = trace.lanes[tasks.lane[row]!]!.top >= 0;
  const waitedNs = trace.endNs - tasks.rowSinceNs[row]!;
  if (endNs === null && (isLaneBusy || waitedNs < MIN_DEADLOCK_NS)) return null;
  const site = tasks.waitSite[tasks.leaf[row]!]!;
  const words: SentencePart[] = [taskPart(trace, row), ' waits'];
  if (site >= 0) words.push(' at ', sitePart(trace, site));
  words.push(' for ', resourcePart(trace, resource), ', which it holds itself: it waits for ever.');
  return {
    rule: lockContention.name,
    severity: 'error',
    words,
    sites: site >= 0 ? [site] : [],
    tasks: [row],
    t: tasks.rowSinceNs[row]!,
  };
}

/** Null: the lock was not waited for long enough. */
function contentionOf(trace: Trace, resource: number, lock: LockWaits): Finding | null {
  const { beganNs, endedNs, site } = trace.resources[resource]!;
  const { longest, longestOfHolder, waiting, waits } = lock;
  const endNs = Math.max(lock.countedNs, endedNs ?? knownUntilNs(trace, resource));
  // Waits that go on count up to now, without being added to the sums: see finding.ts.
  const openNs = waiting * Math.max(0, endNs - lock.countedNs);
  const totalNs = lock.totalNs + openNs;
  if (totalNs < MIN_WAIT_NS || totalNs < MIN_SHARE * (endNs - beganNs)) return null;
  const [holder, chargedNs] = mostChargedHolder(lock, openNs);

  const words: SentencePart[] = [
    `${count(waits, 'wait')} for `,
    resourcePart(trace, resource),
    ` took ${duration(totalNs)} in all`,
  ];
  if (longest !== null && waits > 1) {
    words.push(`, the longest ${duration(longest.ns)} (`, taskPart(trace, longest.row));
    if (longest.site >= 0)
      words.push(' at ', sitePart(trace, longest.site), inFunction(trace, longest.row, longest.site));
    words.push(')');
  }
  if (waiting > 0) words.push(`; ${count(waiting, 'task')} ${waiting === 1 ? 'was' : 'were'} still waiting`);
  const done = [...lock.heldAt.values()].reduce<HeldAt | null>((a, b) => (b.ns > (a?.ns ?? 0) ? b : a), null);
  if (done !== null && chargedNs < MIN_HOLDER_SHARE * totalNs && done.ns >= MIN_DONE_SHARE * lock.contendedNs)
    words.push(...describeDone(trace, done, lock.contendedNs));
  else if (holder >= 0) {
    words.push('. ', taskPart(trace, holder), ` held it for ${share(chargedNs, totalNs)} of that`);
    if (longestOfHolder?.row === holder) {
      words.push(`, and waited ${duration(longestOfHolder.ns)} itself while it had it`);
      if (longestOfHolder.site >= 0) words.push(', at ', sitePart(trace, longestOfHolder.site));
      words.push(...describeTarget(trace, longestOfHolder));
    }
  }
  // In Python each lock tells who has it: there a line of waits is the same as one that is
  // inferred.
  const isConvoy = isOfPython(trace, resource) && waits >= MIN_CONVOY;
  return {
    rule: isConvoy ? lockConvoy.name : lockContention.name,
    severity: 'warning',
    words: [...words, '.'],
    sites: [longestOfHolder?.site ?? -1, longest?.site ?? -1, site].filter((known) => known >= 0),
    tasks: [holder, longest?.row ?? -1].filter((row) => row >= 0),
    t: endNs,
    sinceNs: lock.firstNs,
  };
}

/** What most of those that had the lock waited for while they had it. */
function describeDone(trace: Trace, { ns, longest }: HeldAt, contendedNs: number): SentencePart[] {
  const { row, site } = longest;
  return [
    '. Whoever had it waited meanwhile',
    ...describeTarget(trace, longest),
    ...(site < 0 ? [] : [' at ', sitePart(trace, site), inFunction(trace, row, site)]),
    `, ${duration(ns)} of ${duration(contendedNs)}: that can be done before the lock is taken, or after it is given back`,
  ];
}

/** Up to when waits for a lock that go on are known to do so. */
function knownUntilNs(trace: Trace, resource: number): number {
  const { process } = trace.resources[resource]!;
  const { untilNs } = processKnownUntil(trace, trace.processes[process]!);
  return Math.min(untilNs, trace.losses.firstSinceNs(process));
}

/**
 * @param openNs what the holder of now is charged beside the sums. @returns row −1: none was
 * recorded.
 */
function mostChargedHolder({ holder, chargedNs }: LockWaits, openNs: number): readonly [number, number] {
  let most: readonly [row: number, ns: number] = [-1, 0];
  for (const [row, ns] of chargedNs) {
    const withOpenNs = row === holder ? ns + openNs : ns;
    if (withOpenNs > most[1]) most = [row, withOpenNs];
  }
  return holder >= 0 && !chargedNs.has(holder) && openNs > most[1] ? [holder, openNs] : most;
}
