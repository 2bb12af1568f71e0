/**
 * A lock that many stand before: for how long, and who held it meanwhile. While so many wait, each ns counts so many times, and is put down to whoever
 * has the lock. A task that waits for a lock which it holds itself is told apart: it waits for ever.
 */
import type { LevelChange, RowChange } from '../fold/observer.ts';
import type { EndedWait } from '../model/wait.ts';
import { REASON, RESOURCE_KIND } from '../format/kinds.ts';
import { State, type Target } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration, share } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import { describeTarget } from '../words/wait.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const FOR_LOCK = REASON.lock;
const LOCK = RESOURCE_KIND.lock;
const RLOCK = RESOURCE_KIND.rlock;
/** All waits together, and their share of the time since the lock was there. */
const MIN_WAIT_NS = 100e6;
const MIN_SHARE = 0.1;
/** A task that waits so long for what it holds, while the thread is free, is not just about to go on. */
const FOR_EVER_NS = 1e9;
/** Beyond so many holders of one lock, further ones are not told apart. */
const MAX_HOLDERS = 1000;

interface LongWait {
  readonly ns: number;
  readonly row: number;
  readonly reason: number;
  readonly target: Target;
  readonly site: number;
}

class Contention {
  waiting = 0;
  waits = 0;
  totalNs = 0;
  accountedNs = 0;
  firstNs = Number.NaN;
  holder = -1;
  heldSinceNs = 0;
  readonly blamedNs = new Map<number, number>();
  longest: LongWait | null = null;
  /** What a holder waited for longest while others stood before the lock. */
  inside: LongWait | null = null;

  account(t: number): void {
    const ns = this.waiting * Math.max(0, t - this.accountedNs);
    this.accountedNs = t;
    if (ns === 0) return;
    this.totalNs += ns;
    const { blamedNs, holder } = this;
    if (holder >= 0 && (blamedNs.has(holder) || blamedNs.size < MAX_HOLDERS))
      blamedNs.set(holder, (blamedNs.get(holder) ?? 0) + ns);
  }
}

class LockContention implements RuleRun {
  readonly #trace: Trace;
  readonly #locks = new Map<number, Contention>();
  /** Row → the lock for which it waits; whether it stands before it, and does not hold it itself. */
  readonly #waitsFor = new Map<number, { readonly resource: number; readonly stands: boolean }>();
  /** Row → the lock that it took last. */
  readonly #holds = new Map<number, Contention>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  levelChanged({ resource, t }: LevelChange): void {
    const it = this.#trace.resources[resource]!;
    if (it.kind !== LOCK && it.kind !== RLOCK) return;
    const lock = this.#lock(resource);
    lock.account(t);
    const holder = it.holder < 0 ? -1 : this.#trace.rowOf(it.holder);
    if (holder === lock.holder) return;
    if (this.#holds.get(lock.holder) === lock) this.#holds.delete(lock.holder);
    if (holder >= 0) this.#holds.set(holder, lock);
    lock.holder = holder;
    lock.heldSinceNs = t;
  }

  rowChanged({ row, t, state, reason, target }: RowChange): void {
    const before = this.#waitsFor.get(row);
    if (before !== undefined) {
      this.#waitsFor.delete(row);
      const lock = this.#lock(before.resource);
      lock.account(t);
      if (before.stands) lock.waiting--;
    }
    if (state !== State.wait || reason !== FOR_LOCK || target >= 0) return;
    const resource = -target - 1;
    const lock = this.#lock(resource);
    const stands = lock.holder !== row;
    this.#waitsFor.set(row, { resource, stands });
    if (!stands) return;
    lock.account(t);
    lock.waiting++;
    lock.waits++;
    if (Number.isNaN(lock.firstNs)) lock.firstNs = t;
  }

  /** What was told of a frame, its caller's row says from here on. */
  taskAbsorbed(task: number, into: number): void {
    const waitsFor = this.#waitsFor.get(task);
    if (waitsFor !== undefined) {
      this.#waitsFor.delete(task);
      if (waitsFor.stands) {
        const lock = this.#lock(waitsFor.resource);
        lock.waiting--;
        lock.waits--;
      }
    }
    const held = this.#holds.get(task);
    if (held === undefined) return;
    this.#holds.delete(task);
    this.#holds.set(into, held);
    held.holder = into;
  }

  waitEnded({ row, startNs, endNs, reason, target, site }: EndedWait): void {
    const wait = { ns: endNs - startNs, row, reason, target, site };
    if (reason === FOR_LOCK && target < 0) {
      const lock = this.#lock(-target - 1);
      if (wait.ns > (lock.longest?.ns ?? 0)) lock.longest = wait;
      return;
    }
    const held = this.#holds.get(row);
    if (held === undefined || held.waiting === 0 || startNs < held.heldSinceNs) return;
    if (wait.ns > (held.inside?.ns ?? 0)) held.inside = wait;
  }

  findings(): Finding[] {
    return [
      ...[...this.#waitsFor].flatMap(([row, { resource }]) => this.#holdsItself(row, resource) ?? []),
      ...[...this.#locks].flatMap(([resource, lock]) => this.#find(resource, lock) ?? []),
    ];
  }

  #lock(resource: number): Contention {
    let lock = this.#locks.get(resource);
    if (lock === undefined) this.#locks.set(resource, (lock = new Contention()));
    return lock;
  }

  #holdsItself(row: number, resource: number): Finding | null {
    const trace = this.#trace;
    if (this.#lock(resource).holder !== row || trace.resources[resource]!.kind !== LOCK) return null;
    // An `await` of a lock that was free is such a wait as well, until the thread comes to it.
    const { endNs } = trace.processes[trace.tasks.process[row]!]!;
    const isBusy = trace.lanes[trace.tasks.lane[row]!]!.stack.length > 0;
    if (endNs === null && (isBusy || trace.endNs - trace.tasks.rowSinceNs[row]! < FOR_EVER_NS)) return null;
    const site = trace.tasks.waitSite[trace.tasks.leaf[row]!]!;
    const words: Part[] = [taskPart(trace, row), ' waits'];
    if (site >= 0) words.push(' at ', sitePart(trace, site));
    words.push(' for ', resourcePart(trace, resource), ', which it holds itself: it waits for ever.');
    return {
      rule: lockContention.name,
      severity: 'error',
      words,
      sites: site >= 0 ? [site] : [],
      tasks: [row],
      t: trace.tasks.rowSinceNs[row]!,
    };
  }

  #find(resource: number, lock: Contention): Finding | null {
    const trace = this.#trace;
    const it = trace.resources[resource]!;
    const endNs = it.endedNs ?? trace.endNs;
    // What goes on counts up to now; asking must leave the accounts as they are.
    const openNs = lock.waiting * Math.max(0, endNs - lock.accountedNs);
    const totalNs = lock.totalNs + openNs;
    if (totalNs < MIN_WAIT_NS || totalNs < MIN_SHARE * (endNs - it.beganNs)) return null;
    const blamed = [...lock.blamedNs].map(([row, ns]): [number, number] => [
      row,
      row === lock.holder ? ns + openNs : ns,
    ]);
    if (lock.holder >= 0 && !lock.blamedNs.has(lock.holder)) blamed.push([lock.holder, openNs]);
    const [worst, worstNs] = blamed.reduce((most, one) => (one[1] > most[1] ? one : most), [-1, 0]);

    const words: Part[] = [
      `${count(lock.waits, 'wait')} for `,
      resourcePart(trace, resource),
      ` took ${duration(totalNs)} in all`,
    ];
    const { longest, inside } = lock;
    if (longest !== null && lock.waits > 1) {
      words.push(`, the longest ${duration(longest.ns)} (`, taskPart(trace, longest.row));
      if (longest.site >= 0) words.push(' at ', sitePart(trace, longest.site));
      words.push(')');
    }
    if (lock.waiting > 0) words.push(`; ${count(lock.waiting, 'task')} still stood before it`);
    if (worst >= 0) {
      words.push('. ', taskPart(trace, worst), ` held it for ${share(worstNs, totalNs)} of that`);
      if (inside !== null && inside.row === worst) {
        words.push(`, and waited ${duration(inside.ns)} itself while it had it`);
        if (inside.site >= 0) words.push(', at ', sitePart(trace, inside.site));
        words.push(...describeTarget(trace, inside));
      }
    }
    return {
      rule: lockContention.name,
      severity: 'warning',
      words: [...words, '.'],
      sites: [inside?.site ?? -1, longest?.site ?? -1, it.site].filter((site) => site >= 0),
      tasks: [worst, longest?.row ?? -1].filter((row) => row >= 0),
      t: endNs,
      sinceNs: lock.firstNs,
    };
  }
}

export const lockContention: Rule = {
  name: 'lock-contention',
  says: 'Tasks waited long for a lock that others held.',
  start: (trace) => new LockContention(trace),
};
