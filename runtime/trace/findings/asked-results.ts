/**
 * A thread of Python's that gives a call to a pool and asks for its result at once, in a loop: the
 * pool has several workers, and one works at a time. The parser says that no turn uses what an
 * earlier one gave (SITE_NOTES), the trace that each call was given away only when the one before
 * had been answered, and how long all took.
 *
 * Refuted by a loop of which several threads run one each, and by a pool of one: their number was
 * chosen. What the calls computed in threads of one process takes as long together.
 */
import {
  ACTIVATION_KIND,
  LANGUAGE,
  numberSet,
  REASON,
  RESOURCE_KIND,
  SITE_NOTE,
  SITE_ROLE,
} from '../format/kinds.ts';
import type { Loss } from '../model/losses.ts';
import { resourceOfTarget, taskOfTarget } from '../model/state.ts';
import { timesSoFar } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';

const NOTES = numberSet(SITE_NOTE, 'in-loop', 'effect-in-loop');
const MIN_CALLS = 3;
const MIN_WAIT_NS = 50e6;
const MIN_SHARE = 0.3;
const MIN_GAIN_NS = 25e6;
const MIN_GAIN_SHARE = 0.15;
const MAX_RUNS = 10_000;

/** The turns of a loop, one after another. */
interface Run {
  readonly row: number;
  readonly site: number;
  readonly startNs: number;
  endNs: number;
  calls: number;
  waitNs: number;
  longestNs: number;
  /** A call that was waited for; −1: only the pool is known. */
  job: number;
  /** The pool, or the future of the last call; −1: none. */
  resource: number;
  /** What had been given to the pool before the first of them. */
  readonly putsBefore: number;
  isBroken: boolean;
}

export class AskedResults {
  readonly #trace: Trace;
  /** By row: the loop that it is in. */
  readonly #open = new Map<number, Run>();
  readonly #runs: Run[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded(wait: EndedWait): void {
    const { row, site } = wait;
    // A worker of a pool waits for a call.
    if (wait.reason === REASON.pool && wait.target === 0) return;
    const { role, note } = site < 0 ? NO_SITE : this.#trace.sites[site]!;
    if (role !== SITE_ROLE.call || !NOTES.has(note)) {
      // The start of a worker is waited for as well, where a call is given away.
      const isOwnStart = role === SITE_ROLE.call && wait.reason === REASON[''];
      if (this.#open.size > 0 && !isOwnStart) this.#close(row);
      return;
    }
    let run = this.#open.get(row);
    if (run !== undefined && run.site !== site) {
      this.#close(row);
      run = undefined;
    }
    const job = taskOfTarget(wait.target);
    const resource = job >= 0 ? this.#trace.tasks.resource[job]! : resourceOfTarget(wait.target);
    run ??= this.#begin(wait, job, resource);
    if (run === undefined) return;
    run.isBroken ||= !this.#isSole(wait, run);
    run.resource = resource;
    run.job = job;
    run.calls++;
    const ns = wait.endNs - wait.startNs;
    run.waitNs += ns;
    run.longestNs = Math.max(run.longestNs, ns);
    run.endNs = wait.endNs;
  }

  #begin({ row, site, startNs }: EndedWait, job: number, resource: number): Run | undefined {
    if (this.#open.size + this.#runs.length >= MAX_RUNS) return undefined;
    const sums = { endNs: startNs, calls: 0, waitNs: 0, longestNs: 0 };
    const putsBefore = (this.#trace.resources[resource]?.puts ?? 1) - 1;
    const run: Run = { row, site, startNs, ...sums, job, resource, putsBefore, isBroken: false };
    this.#open.set(row, run);
    return run;
  }

  /** The call was given away when the one before had been answered, by the task that waits. */
  #isSole({ row, reason, target }: EndedWait, run: Run): boolean {
    const { tasks, resources } = this.#trace;
    const isFirst = run.calls === 0;
    const job = taskOfTarget(target);
    if (job >= 0)
      return (
        tasks.kind[job] === ACTIVATION_KIND.chunk &&
        this.#trace.rowOf(tasks.parent[job]!) === row &&
        (isFirst || tasks.beganNs[job]! >= run.endNs) &&
        (isFirst || tasks.resource[job] === run.resource)
      );
    const resource = resources[resourceOfTarget(target)];
    if (resource === undefined) return false;
    if (reason === REASON.future)
      return (
        resource.kind === RESOURCE_KIND.future &&
        resource.creator >= 0 &&
        this.#trace.rowOf(resource.creator) === row &&
        (isFirst || resource.beganNs >= run.endNs)
      );
    const isNext =
      isFirst ||
      (resourceOfTarget(target) === run.resource && resource.puts === run.putsBefore + run.calls + 1);
    return reason === REASON.pool && resource.kind === RESOURCE_KIND.pool && isNext;
  }

  taskEnded(task: number): void {
    if (this.#open.size > 0) this.#close(task);
  }

  recordsLost({ process }: Loss): void {
    for (const row of this.#open.keys())
      if (this.#trace.tasks.process[row] === process) this.#open.delete(row);
  }

  #close(row: number): void {
    const run = this.#open.get(row);
    if (run === undefined) return;
    this.#open.delete(row);
    this.#runs.push(run);
  }

  /** @param rule the name of the rule that says so */
  findings(rule: string): Finding[] {
    const bySite = new Map<number, Run[]>();
    for (const run of [...this.#runs, ...this.#open.values()]) {
      const runs = bySite.get(run.site);
      if (runs) runs.push(run);
      else bySite.set(run.site, [run]);
    }
    return [...bySite.values()].flatMap((runs) => findingOf(this.#trace, rule, runs) ?? []);
  }
}

const NO_SITE = { role: 0, note: 0 } as const;

/** @param runs of one place, at least one */
function findingOf(trace: Trace, rule: string, all: readonly Run[]): Finding | null {
  const inOrder = [...all].sort((a, b) => a.startNs - b.startNs);
  if (all.some(({ isBroken }) => isBroken)) return null;
  if (inOrder.some((run, i) => i > 0 && run.startNs < inOrder[i - 1]!.endNs)) return null;
  const runs = all.filter(({ calls }) => calls >= MIN_CALLS);
  const best = runs.reduce<Run | null>((a, b) => (a === null || b.waitNs > a.waitNs ? b : a), null);
  if (best === null) return null;
  const { row, site, startNs, endNs, resource } = best;
  const pool = trace.resources[resource];
  const isPool = pool?.kind === RESOURCE_KIND.pool;
  if (isPool && pool.capacity === 1) return null;
  const ofRow = runs.filter((run) => run.row === row);
  const sum = (of: (run: Run) => number): number => ofRow.reduce((ns, run) => ns + of(run), 0);
  const [waitNs, calls] = [sum((run) => run.waitNs), sum((run) => run.calls)];
  const togetherNs = sum((run) => togetherOf(trace, run, isPool ? (pool.capacity ?? run.calls) : run.calls));
  const gainNs = waitNs - togetherNs;
  const { livedNs } = timesSoFar(trace, row);
  if (waitNs < MIN_WAIT_NS || waitNs < MIN_SHARE * livedNs) return null;
  if (gainNs < MIN_GAIN_NS || gainNs < MIN_GAIN_SHARE * livedNs) return null;
  const isEffect = trace.sites[site]!.note === SITE_NOTE['effect-in-loop'];
  const name = best.job >= 0 ? trace.nameOf(best.job) : isPool ? '' : (pool?.name ?? '');
  const words: SentencePart[] = [
    taskPart(trace, row),
    inFunction(trace, row, site),
    ` waited for ${count(calls, 'result')}`,
    ...(name === '' ? [] : [` of \`${name}\``]),
    ...(isPool ? [' from ', resourcePart(trace, resource)] : []),
    ' one after another, each asked for before the next call was given away (',
    sitePart(trace, site),
    `): ${duration(waitNs)} of ${duration(livedNs)}; together they would take ${duration(togetherNs)}. `,
    isEffect
      ? 'If the order does not matter, give'
      : 'No turn of the loop uses what an earlier one gave: give',
    ' all calls away first, then ask for the results',
    ...(isPool ? [', or use `map`.'] : ['.']),
  ];
  return {
    rule,
    severity: isEffect ? 'info' : 'warning',
    words,
    sites: [site],
    tasks: [row],
    t: endNs,
    sinceNs: startNs,
    gainNs,
  };
}

/** In so many workers at once; what threads of Python's compute, only one does at a time. */
function togetherOf(trace: Trace, run: Run, capacity: number): number {
  const { tasks, processes } = trace;
  const process = tasks.process[run.row]!;
  let computedNs = 0;
  if (processes[process]!.language === LANGUAGE.python)
    for (let task = 0; task < tasks.count; task++) {
      const isOfRun =
        tasks.beganNs[task]! >= run.startNs - run.longestNs && tasks.beganNs[task]! <= run.endNs;
      if (!isOfRun || tasks.process[task] !== process || task === run.row) continue;
      if (tasks.kind[task] === ACTIVATION_KIND.chunk) computedNs += computedOf(trace, task);
      else if (tasks.frameOf[task]! < 0) computedNs += timesSoFar(trace, task).runNs;
    }
  const turns = Math.ceil(run.calls / Math.max(1, capacity));
  return Math.min(run.waitNs, Math.max(run.longestNs, (run.waitNs / run.calls) * turns, computedNs));
}

/** The processor time of a call, and the time for which it could have had one. */
function computedOf({ tasks }: Trace, task: number): number {
  const starvedNs = ((tasks.starved[task]! + 1) / 16) * (tasks.endedNs[task]! - tasks.beganNs[task]!);
  return tasks.cpuUs[task]! * 1e3 + (tasks.starved[task]! > 0 ? starvedNs : 0);
}
