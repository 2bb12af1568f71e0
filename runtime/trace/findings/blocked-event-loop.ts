/**
 * The event loop was blocked: one task kept the lane longer than a person notices, and others could
 * have run. A busy period goes from the lane's becoming busy to its becoming free. It is charged to
 * the task that was on top longest. A period that goes on is found as well: that is the program
 * that hangs.
 *
 * The finding names the function that was seen at work, its line and what it called there; where
 * none was seen, the two lines between which the time went. Holds of one line are one finding. Time
 * for which the machine gave the processor to others, or the lane was stopped from outside (a
 * breakpoint, the agent's loader), is charged to nobody. A task that was given a thread of its own
 * keeps it by right. That a program starts before its first task is information, up to a second.
 */
import type { RowChange } from '../fold/observer.ts';
import { ACTIVATION_KIND, LANE_KIND, LANGUAGE, numberSet, PROCESS_END } from '../format/kinds.ts';
import type { Loss } from '../model/losses.ts';
import { State } from '../model/state.ts';
import { isCutOff, lossAfter, untilOf } from '../model/known-until.ts';
import { isOver } from '../model/times-so-far.ts';
import type { Process, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { describeLastMoment } from '../words/loss.ts';
import { sitePart, taskList, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { isDeadlocked } from './thread-deadlock.ts';
import { type BusyPeriod, newPeriod, openStopNs } from './busy-period.ts';
import type { Finding, Rule, RuleRun, Severity } from './finding.ts';
import { type Culprit, heldBy, lineKey } from './held-by.ts';
import { isMadeOnce, pythonMendOf, withShortHolds } from './short-holds.ts';
import { SettledAwaits } from './settled-awaits.ts';
import { MIN_SHORT_NS, RepeatedHolds } from './repeated-holds.ts';

export const blockedEventLoop: Rule = {
  name: 'blocked-event-loop',
  description: 'One task kept a thread for 100 ms or more without giving it away.',
  start: (trace) => new BlockedEventLoop(trace),
};

const MIN_BLOCKED_NS = 100e6;
/** What was seen to hold the lane counts from here on: several of them are one finding. */
const MIN_SEEN_NS = 50e6;
/**
 * So much of it is the line's own, when the machine took the rest: what runs until a given time
 * does less on a busy machine.
 */
const MIN_TOTAL_NS = 70e6;
const MIN_ERROR_NS = 1e9;
/** A package's file, or a command like /usr/bin/npx. */
const PACKAGES = /[\\/]node_modules[\\/]|[\\/]bin[\\/][^\\/.]+$/;
/** A hold of which nothing was seen is a warning from here on, where holds are looked at. */
const MIN_UNSEEN_NS = 250e6;
const MAX_FINDINGS = 50;
const MAX_BLOCKINGS = 1000;
/** Activations that were given a thread of their own to work on. */
const OWN_THREAD_KINDS = numberSet(ACTIVATION_KIND, 'thread', 'process', 'chunk');

/** What the agent says where V8 could answer only afterwards. */
const NATIVE = 'native code';
/** Their end is recorded when the ticks that they left behind have run, too. */
const BODY_KINDS = numberSet(ACTIVATION_KIND, 'main', 'module');

/**
 * A busy period that is worth a finding. Its sentence is made when it is asked for: a task's label
 * depends on the tasks that began later.
 */
interface Blocking {
  readonly period: BusyPeriod;
  readonly lane: number;
  /** Where the longest task waited next; −1: it did not, or that is not recorded. */
  nextWaitSite: number;
  /** Rows that were ready when the period was over. */
  readonly readyRows: readonly number[];
  readonly t: number;
  /** The period goes on. */
  readonly isOpen: boolean;
}

class BlockedEventLoop extends SettledAwaits implements RuleRun {
  readonly #trace: Trace;
  /** By lane. */
  readonly #periods: (BusyPeriod | undefined)[] = [];
  readonly #blockings: Blocking[] = [];
  /**
   * The blocking found last, as long as a record of the same time may tell where its task waits
   * next.
   */
  #latest: Blocking | null = null;

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
  }

  rowChanged({ row, t, state, ref }: RowChange): void {
    if (this.#latest === null) return;
    const { period } = this.#latest;
    if (t !== period.longestUntilNs) this.#latest = null;
    else if (state === State.wait && row === this.#trace.rowOf(period.longest))
      this.#latest.nextWaitSite = ref;
  }

  laneSwitched(lane: number, t: number, task: number): void {
    const period = this.#openPeriod(lane);
    if (period) this.#closeTop(period, t);
    if (task < 0) {
      if (period) this.#closePeriod(lane, t, period);
      return;
    }
    const next = period ?? this.#beginPeriod(lane, t);
    next.top = task;
    next.topSinceNs = t;
    next.topSite = this.#trace.tasks.waitSite[task]!;
    next.stoppedNs = 0;
  }

  #openPeriod(lane: number): BusyPeriod | undefined {
    const period = this.#periods[lane];
    return period?.isOpen ? period : undefined;
  }

  #beginPeriod(lane: number, t: number): BusyPeriod {
    const period = (this.#periods[lane] ??= newPeriod());
    period.isOpen = true;
    period.stoppedSinceNs = Number.NaN;
    period.longest = -1;
    period.longestNs = 0;
    period.longestSinceNs = t;
    period.longestUntilNs = t;
    period.longestSite = -1;
    return period;
  }

  lanePaused(lane: number, t: number): void {
    const period = this.#openPeriod(lane);
    if (period) period.stoppedSinceNs = t;
  }

  laneResumed(lane: number, t: number): void {
    const period = this.#openPeriod(lane);
    if (!period) return;
    period.stoppedNs += openStopNs(period, t);
    period.stoppedSinceNs = Number.NaN;
  }

  /** What was on top held the lane up to the first record that is missing; then all is unknown. */
  recordsLost({ process, lane, sinceNs }: Loss): void {
    const { lanes } = this.#trace;
    for (const [index, period] of this.#periods.entries()) {
      if (!period?.isOpen) continue;
      if (lane >= 0 ? index !== lane : lanes[index]!.process !== process) continue;
      this.#closeTop(period, Math.max(period.topSinceNs, sinceNs));
      this.#closePeriod(index, sinceNs, period);
    }
  }

  override findings(): Finding[] {
    const open: Blocking[] = [];
    for (const [lane, period] of this.#periods.entries()) {
      if (open.length >= MAX_FINDINGS) break;
      if (!period?.isOpen) continue;
      const t = untilOf(this.#trace, this.#trace.lanes[lane]);
      const copy = { ...period };
      this.#closeTop(copy, t);
      if (copy.longestNs >= MIN_SEEN_NS) open.push(this.#blockingOf(copy, lane, t, true));
    }
    const held = findingsOf(this.#trace, [...this.#blockings, ...open]);
    return [
      ...super.findings(blockedEventLoop.name),
      ...withShortHolds(this.#trace, blockedEventLoop.name, held),
    ];
  }

  /** Ends the time of the task on top, and keeps it when it is the longest so far. */
  #closeTop(period: BusyPeriod, t: number): void {
    if (isOnOwnThread(this.#trace, period.top)) return;
    // It may have left the lane before: its next record is among those that are missing.
    const loss = lossAfter(this.#trace, this.#trace.rowOf(period.top));
    if (loss !== null && loss.sinceNs <= period.topSinceNs) return;
    const ns = t - period.topSinceNs - period.stoppedNs - openStopNs(period, t);
    if (ns <= period.longestNs) return;
    period.longest = period.top;
    period.longestNs = ns;
    period.longestSinceNs = period.topSinceNs;
    period.longestUntilNs = t;
    period.longestSite = period.topSite;
  }

  #closePeriod(lane: number, t: number, period: BusyPeriod): void {
    period.isOpen = false;
    if (period.longestNs < MIN_SHORT_NS || this.#blockings.length >= MAX_BLOCKINGS) return;
    // The blocking keeps it.
    this.#periods[lane] = undefined;
    this.#latest = this.#blockingOf(period, lane, t, false);
    this.#blockings.push(this.#latest);
  }

  #blockingOf(period: BusyPeriod, lane: number, t: number, isOpen: boolean): Blocking {
    const { tasks } = this.#trace;
    const { longest, longestUntilNs } = period;
    const longestRow = this.#trace.rowOf(longest);
    const readyRows: number[] = [];
    for (let row = 0; row < tasks.count; row++) {
      if (tasks.rowState[row] !== State.ready || tasks.frameOf[row]! >= 0 || tasks.lane[row] !== lane)
        continue;
      // What became ready later was held up by nothing.
      if (row !== longestRow && tasks.rowSinceNs[row]! < longestUntilNs) readyRows.push(row);
    }
    const waitsSinceThen = tasks.state[longest] === State.wait && tasks.sinceNs[longest] === longestUntilNs;
    return {
      period,
      lane,
      nextWaitSite: waitsSinceThen ? tasks.waitSite[longest]! : -1,
      readyRows,
      t,
      isOpen,
    };
  }
}

/** In Python the main thread's own code waits while its event loop runs: it holds none. */
function isOnOwnThread({ tasks, processes }: Trace, task: number): boolean {
  const kind = tasks.kind[task]!;
  if (kind === ACTIVATION_KIND.main && isPython(processes[tasks.process[task]!])) return true;
  return OWN_THREAD_KINDS.has(kind);
}

const isPython = (process: Process | undefined): boolean => process?.language === LANGUAGE.python;

/** A blocking with what held the lane, and its length without what the machine took. */
interface Explained extends Blocking {
  readonly ns: number;
  readonly starvedNs: number;
  readonly culprit: Culprit | null;
  readonly isLoading: boolean;
}

function findingsOf(trace: Trace, blockings: readonly Blocking[]): Finding[] {
  const findings: Finding[] = [];
  const byLine = new Map<string, Explained[]>();
  const unseen: Explained[] = [];
  const repeated = new RepeatedHolds(trace);
  for (const blocking of blockings) {
    const { period, lane, readyRows } = blocking;
    const { longestSinceNs, longestUntilNs, longestNs } = period;
    const { starvedNs, culprit, isLoading } = heldBy(trace, lane, longestSinceNs, longestUntilNs);
    const ns = longestNs - starvedNs;
    if (ns < (culprit === null ? MIN_SHORT_NS : MIN_SEEN_NS)) continue;
    // A thread of the program's own works by right, unless another task there could have run.
    if (trace.lanes[lane]!.kind === LANE_KIND.worker && readyRows.length === 0) continue;
    if (culprit?.callee === 'Atomics.wait' && isDeadlocked(trace, lane, longestSinceNs, longestUntilNs))
      continue;
    const explained = { ...blocking, ns, starvedNs, culprit, isLoading };
    // In Python the known calls tell themselves.
    const isNodes = trace.processes[trace.lanes[lane]!.process]?.language === LANGUAGE.node;
    if (isNodes && !isLoading && !blocking.isOpen) repeated.add(explained);
    if (culprit === null || isLoading) {
      if (ns >= MIN_BLOCKED_NS) unseen.push(explained);
      continue;
    }
    const key = `${lane} ${lineKey(trace, culprit.site)} ${culprit.callee}`;
    const group = byLine.get(key);
    if (group === undefined) byLine.set(key, [explained]);
    else group.push(explained);
  }
  const told = new Set<number>();
  for (const { finding, holds } of repeated.findings(blockedEventLoop.name)) {
    findings.push(finding);
    for (const { t } of holds) told.add(t);
  }
  for (const explained of unseen)
    if (!told.has(explained.t) && findings.length < MAX_FINDINGS) findings.push(findingOf(trace, explained));
  for (const group of byLine.values()) {
    if (group.every(({ t }) => told.has(t))) continue;
    const totalNs = group.reduce((sum, { ns }) => sum + ns, 0);
    const elapsedNs = group.reduce((sum, { ns, starvedNs }) => sum + ns + starvedNs, 0);
    if (totalNs >= MIN_TOTAL_NS && elapsedNs >= MIN_BLOCKED_NS && findings.length < MAX_FINDINGS)
      findings.push(culpritFinding(trace, group, totalNs));
  }
  return findings;
}

/** Holds by one line, each by one task. */
function culpritFinding(trace: Trace, group: readonly Explained[], totalNs: number): Finding {
  const worst = group.reduce((a, b) => (b.ns > a.ns ? b : a));
  const { period, readyRows, isOpen, t, starvedNs } = worst;
  const { fn, site, callee, from, isRearmed } = worst.culprit!;
  const row = trace.rowOf(period.longest);
  // The program requires what it consists of.
  const isStart =
    callee === 'require' &&
    !isOpen &&
    readyRows.length === 0 &&
    BODY_KINDS.has(trace.tasks.kind[period.longest]!);
  const isHarmless =
    isStart || isMadeOnce(callee, group.length) || group.every((each) => isUnshared(trace, each));
  const isGoingOn = isOpen && !isOver(trace, row);
  const words: SentencePart[] = [
    fn !== ''
      ? `\`${fn}\``
      : group.length === 1
        ? taskPart(trace, row)
        : { task: row, text: trace.nameOf(row) },
    isGoingOn ? ' has held the thread for ' : ' held the thread ',
    group.length > 1
      ? `${group.length} times, for ${duration(totalNs)} in all,`
      : `${isGoingOn ? '' : 'for '}${duration(worst.ns)}`,
    isRearmed
      ? ` by ${callee} at `
      : callee === ''
        ? ' at '
        : callee === NATIVE
          ? ' in native code that ended just before '
          : ` in ${callee} at `,
    sitePart(trace, site),
  ];
  if (isRearmed) words.push(', where it asks for itself again before the loop can turn');
  if (from >= 0) words.push(', called at ', sitePart(trace, from));
  if (isGoingOn) words.push(', and still does');
  else if (isOpen) {
    words.push(
      isCutOff(trace, row) ? `, and still did ${describeLastMoment(trace, row)}` : ', to the very end',
    );
  }
  words.push(...meanwhile(trace, readyRows), '.');
  words.push(
    ` ${mendOf(worst.culprit!, isPython(trace.processes[trace.lanes[worst.lane]!.process]), group.length)}`,
  );
  if (group.length > 1) words.push(` The longest took ${duration(worst.ns)}.`);
  if (starvedNs > worst.ns / 4)
    words.push(` For ${duration(starvedNs)} more, the machine had no processor for it.`);
  return {
    rule: blockedEventLoop.name,
    severity: isHarmless ? 'info' : isStuck(trace, worst) || totalNs > MIN_ERROR_NS ? 'error' : 'warning',
    words,
    sites: from >= 0 ? [site, from] : [site],
    tasks: [...new Set(group.map((blocking) => trace.rowOf(blocking.period.longest)))].slice(0, MAX_FINDINGS),
    t,
    sinceNs: period.longestSinceNs,
    gainNs: totalNs,
  };
}

/** What would leave the thread free. */
function mendOf({ callee, isRearmed }: Culprit, inPython: boolean, times: number): string {
  if (inPython) return pythonMendOf(callee, times);
  if (isRearmed) return 'setImmediate lets timers and I/O have their turn.';
  if (callee.endsWith('Sync')) return `\`${callee.slice(0, -'Sync'.length)}\` leaves the thread free.`;
  if (/^RegExp\b/.test(callee))
    return 'A pattern without repetitions inside repetitions does not try them all.';
  return 'A worker thread can do it, or smaller pieces with a setImmediate between them.';
}

/** It goes on, or the process was ended from outside while it did: it did not end by itself. */
function isStuck(trace: Trace, { isOpen, lane }: Blocking): boolean {
  const { endKind } = trace.processes[trace.lanes[lane]!.process]!;
  return isOpen && endKind !== PROCESS_END.called && endKind !== PROCESS_END.exit;
}

/** Who could have run meanwhile. */
function meanwhile(trace: Trace, readyRows: readonly number[]): SentencePart[] {
  if (readyRows.length === 0) return [];
  if (readyRows.length === 1) return ['; ', taskPart(trace, readyRows[0]!), ' could have run meanwhile'];
  const named = taskList(trace, readyRows);
  return [`; ${count(readyRows.length, 'task')} (`, ...named, ') could have run meanwhile'];
}

/**
 * @param isStarting what the program consists of was loaded, and nobody could have run meanwhile
 */
function severityOf(trace: Trace, explained: Explained, isStarting: boolean): Severity {
  const { isLoading, ns, lane } = explained;
  if (isStuck(trace, explained)) return 'error';
  // Node's threads are looked at while they are held, and no line was found at work. In Python the
  // known calls tell themselves.
  const process = trace.processes[trace.lanes[lane]!.process];
  const isLookedAt = process?.language === LANGUAGE.node;
  const isBrief = ns < MIN_UNSEEN_NS && (isLookedAt || isPython(process));
  const isUnseen = isBrief || (isLookedAt && isStarting);
  if (isLoading || isUnseen) return 'info';
  return ns > MIN_ERROR_NS ? 'error' : isStarting ? 'info' : 'warning';
}

/**
 * In Python: no other task was there that the loop could have run meanwhile, but at the very end.
 */
function isUnshared(trace: Trace, { period, isOpen, ns }: Explained): boolean {
  const { tasks, processes } = trace;
  const { longest, longestSinceNs, longestUntilNs } = period;
  const process = tasks.process[longest]!;
  if (isOpen || !isPython(processes[process])) return false;
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.process[row] !== process || row === longest || BODY_KINDS.has(tasks.kind[row]!)) continue;
    const livesNs = Math.min(tasks.endedNs[row]! || Infinity, longestUntilNs) - tasks.beganNs[row]!;
    if (!(tasks.endedNs[row]! <= longestSinceNs) && livesNs > ns / 10) return false;
  }
  return true;
}

function findingOf(trace: Trace, explained: Explained): Finding {
  const { period, nextWaitSite, readyRows, t, isOpen, isLoading, ns } = explained;
  const { longest: task, longestSinceNs, longestUntilNs, longestSite } = period;
  const longestNs = ns;
  const row = trace.rowOf(task);
  const site = longestSite >= 0 ? longestSite : trace.tasks.site[task]!;
  const words: SentencePart[] =
    isLoading && !isOpen
      ? [`Loading modules held the thread for ${duration(longestNs)} in `, taskPart(trace, row)]
      : !isOpen
        ? [`The thread was held for ${duration(longestNs)} by `, taskPart(trace, row)]
        : isOver(trace, row)
          ? [
              taskPart(trace, row),
              ` held the thread for ${duration(longestNs)}, `,
              isCutOff(trace, row) ? `and still did ${describeLastMoment(trace, row)}` : 'to the very end',
            ]
          : [taskPart(trace, row), ` has held the thread for ${duration(longestNs)} and still does`];
  const until: SentencePart[] =
    nextWaitSite >= 0
      ? [' and its next wait at ', sitePart(trace, nextWaitSite)]
      : trace.tasks.endedNs[task] === longestUntilNs
        ? [' and its end']
        : [];
  const isWholeBody = nextWaitSite < 0 && longestSite < 0 && BODY_KINDS.has(trace.tasks.kind[task]!);
  if (until.length > 0 && site >= 0 && isWholeBody) {
    words.push(', in its body from ', sitePart(trace, site), ' on, or in what ran right after that');
  } else if (until.length > 0 && site >= 0) {
    const from = longestSite >= 0 ? ', between ' : ', between its start at ';
    words.push(from, sitePart(trace, site), ...until);
  } else if (longestSite >= 0) words.push(', running on from ', sitePart(trace, longestSite));
  else if (site >= 0) words.push(', running from its start at ', sitePart(trace, site));
  const isAlone = isWholeBody && !isOpen && readyRows.length === 0;
  const isStarting = isAlone && until.length === 0;
  // npx, the start of a test runner: nobody holds up the user's program.
  const isOfPackage = isAlone && PACKAGES.test(trace.sites[site]?.file ?? '');
  words.push(...meanwhile(trace, readyRows));
  return {
    rule: blockedEventLoop.name,
    severity: isOfPackage || isUnshared(trace, explained) ? 'info' : severityOf(trace, explained, isStarting),
    words: [...words, '.'],
    sites: site >= 0 ? [site] : [],
    tasks: [row],
    t,
    sinceNs: longestSinceNs,
  };
}
