/**
 * A limiter that lets calls begin at a pace of its own (`minTime`, `interval`): the runs of one
 * function began one, or so many, each so and so long, and for a good part of the time none of them
 * went on, while a task waited for calls of one object.
 *
 *   schedule(fetchPlace)   ┃run     ┃run     ┃run     a run begins each 200 ms and takes 60
 *
 * Information: the pace may be what the other side allows. No run begins because another has ended,
 * or it would be a width (width-one.ts), and each descends from who waits for the object.
 */
import type { Observer } from '../fold/observer.ts';
import { ACTIVATION_KIND } from '../format/kinds.ts';
import { processKnownUntil } from '../model/known-until.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { awaitedText, resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { Finding } from './finding.ts';
import { askedBy } from './resource-holders.ts';

const ASYNC = ACTIVATION_KIND['async-function'];
const MIN_BATCHES = 6;
const MIN_WAIT_NS = 300e6;
/** What was given away before it was waited for. */
const MAX_BEFORE_NS = 100e6;
const MIN_PACE_NS = 20e6;
/** How far a gap may be from the pace. */
const MAX_OFF = 0.15;
const MIN_OFF_NS = 10e6;
/** How many of the gaps are at the pace. */
const MIN_REGULAR = 0.8;
/** What begins so soon after another begins with it. */
const MAX_WITHIN = 0.2;
/** So soon after the end of another it may begin because of that. */
const AFTER_END_NS = 5e6;
/** How much of the time none of the runs went on. */
const MIN_IDLE = 0.2;
/** Of the process's life, what the pace took. */
const MIN_SHARE = 0.1;
const MAX_FUNCTIONS = 1000;
const MAX_RUNS = 1000;
const MAX_ASKED = 1000;
const MAX_WAITERS = 1000;
const MAX_DEPTH = 16;
const MAX_FINDINGS = 5;
const MAX_TASKS = 20;

/** Who waits for calls of one object. */
interface Asked {
  readonly resource: number;
  readonly waiters: Set<number>;
  longest: { readonly row: number; readonly startNs: number; readonly endNs: number };
}

/** Runs that begin together. */
interface Batch {
  readonly startNs: number;
  size: number;
}

interface Pace {
  readonly everyNs: number;
  readonly atOnce: number;
  readonly lastNs: number;
}

export class PacedStarts implements Observer {
  readonly #trace: Trace;
  /** By the site of a function: its runs, in the order of their begin. */
  readonly #runs = new Map<number, number[]>();
  readonly #asked = new Map<number, Asked>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number): void {
    const { kind, site: sites } = this.#trace.tasks;
    const site = sites[task]!;
    if (kind[task] !== ASYNC || site < 0) return;
    const runs = this.#runs.get(site);
    if (runs === undefined) {
      if (this.#runs.size < MAX_FUNCTIONS) this.#runs.set(site, [task]);
    } else if (runs.length < MAX_RUNS) runs.push(task);
  }

  waitEnded({ row, task, target, startNs, endNs }: EndedWait): void {
    const [resource = -1, ...others] = askedBy(this.#trace, target);
    if (resource < 0 || others.length > 0) return;
    let asked = this.#asked.get(resource);
    if (asked === undefined) {
      if (this.#asked.size >= MAX_ASKED) return;
      asked = { resource, waiters: new Set(), longest: { row, startNs, endNs } };
      this.#asked.set(resource, asked);
    }
    if (asked.waiters.size < MAX_WAITERS) asked.waiters.add(row).add(task);
    if (endNs - startNs > asked.longest.endNs - asked.longest.startNs)
      asked.longest = { row, startNs, endNs };
  }

  /** @param rule the name of the rule that says so */
  findings(rule: string): Finding[] {
    const found: Finding[] = [];
    for (const asked of this.#asked.values())
      for (const [site, runs] of this.#runs) {
        if (found.length >= MAX_FINDINGS) return found;
        const finding = runs.length < MIN_BATCHES ? null : this.#findingOf(rule, asked, site, runs);
        if (finding !== null) found.push(finding);
      }
    return found;
  }

  #findingOf(rule: string, asked: Asked, site: number, all: readonly number[]): Finding | null {
    const trace = this.#trace;
    const { beganNs, endedNs, frameOf, process: processes } = trace.tasks;
    const { startNs, endNs, row } = asked.longest;
    if (endNs - startNs < MIN_WAIT_NS) return null;
    const runs = all.filter(
      (task) =>
        beganNs[task]! >= startNs - MAX_BEFORE_NS &&
        beganNs[task]! <= endNs &&
        frameOf[task]! < 0 &&
        this.#descends(task, asked.waiters),
    );
    const [first] = runs;
    const pace = paceOf(runs.map((task) => beganNs[task]!));
    if (first === undefined || pace === null) return null;
    const ends = runs.map((task) => endedNs[task]!).sort((a, b) => a - b);
    const took = runs.map((task) => endedNs[task]! - beganNs[task]!).sort((a, b) => a - b);
    const firstNs = beganNs[first]!;
    const spentNs = pace.lastNs - firstNs;
    const afterEnd = runs.filter((task) => followsAny(beganNs[task]!, ends)).length;
    if (afterEnd > runs.length * (1 - MIN_REGULAR)) return null;
    if (idleNs(runs, trace, pace.lastNs) < MIN_IDLE * spentNs) return null;
    const process = trace.processes[processes[first]!]!;
    const livedNs = processKnownUntil(trace, process).untilNs - process.startNs;
    if (spentNs < MIN_SHARE * livedNs || trace.losses.hasAny(process.index)) return null;
    const origin = trace.resources[asked.resource]!.site;
    const text = awaitedText(trace, origin);
    const isOne = pace.atOnce === 1;
    return {
      rule,
      severity: 'info',
      words: [
        text === '' ? resourcePart(trace, asked.resource) : text,
        ...(origin < 0 ? [] : [' (', sitePart(trace, origin), ')']),
        ` began ${isOne ? 'one run' : count(pace.atOnce, 'run')} of `,
        { task: first, text: trace.nameOf(first) },
        ' (',
        sitePart(trace, site),
        `) each ${duration(pace.everyNs)}, though a run took ${duration(took[took.length >> 1]!)}, while `,
        taskPart(trace, row),
        ` waited: ${count(runs.length, 'run')}, ${duration(spentNs)} of ${duration(livedNs)}. `,
        'A limit on how many go on at once does nothing then: a shorter interval, or more in each, ' +
          'lets them go on side by side, as far as the other side allows it.',
      ],
      sites: [origin, site].filter((known) => known >= 0),
      tasks: [row, ...runs.map((task) => trace.rowOf(task))].slice(0, MAX_TASKS),
      t: pace.lastNs,
      sinceNs: firstNs,
      gainNs: spentNs,
    };
  }

  #descends(task: number, from: ReadonlySet<number>): boolean {
    const { parent } = this.#trace.tasks;
    for (let at = parent[task]!, i = 0; at >= 0 && i < MAX_DEPTH; i++) {
      if (from.has(at)) return true;
      at = parent[at]!;
    }
    return false;
  }
}

/** Null: they do not begin at one pace. @param starts in order */
function paceOf(starts: readonly number[]): Pace | null {
  if (starts.length < MIN_BATCHES) return null;
  const gaps = starts.slice(1).map((start, i) => start - starts[i]!);
  // The longest gaps are those between batches; a stop of the machine may have made one longer.
  const inOrder = gaps.toSorted((a, b) => b - a);
  const nearMs = inOrder[Math.min(2, inOrder.length - 1)]! * MAX_WITHIN;
  const batches: Batch[] = [];
  for (const start of starts) {
    const last = batches.at(-1);
    if (last !== undefined && start - last.startNs <= nearMs) last.size++;
    else batches.push({ startNs: start, size: 1 });
  }
  if (batches.length < MIN_BATCHES) return null;
  const between = batches.slice(1).map(({ startNs }, i) => startNs - batches[i]!.startNs);
  const everyNs = between.toSorted((a, b) => a - b)[between.length >> 1]!;
  if (everyNs < MIN_PACE_NS) return null;
  const off = Math.max(MIN_OFF_NS, everyNs * MAX_OFF);
  const regular = between.filter((ns) => Math.abs(ns - everyNs) <= off).length;
  const atOnce = batches.map(({ size }) => size).sort((a, b) => a - b)[batches.length >> 1]!;
  const full = batches.slice(0, -1).filter(({ size }) => size === atOnce).length;
  if (regular < MIN_REGULAR * between.length || full < MIN_REGULAR * (batches.length - 1)) return null;
  return { everyNs, atOnce, lastNs: batches.at(-1)!.startNs };
}

/** @param ends in order */
function followsAny(startNs: number, ends: readonly number[]): boolean {
  return ends.some((end) => end <= startNs && startNs - end <= AFTER_END_NS);
}

/** For how long none of the runs went on, up to the begin of the last. @param runs in order */
function idleNs(runs: readonly number[], { tasks }: Trace, lastNs: number): number {
  let idle = 0;
  let busyUntil = tasks.beganNs[runs[0]!]!;
  for (const task of runs) {
    const start = Math.min(tasks.beganNs[task]!, lastNs);
    if (start > busyUntil) idle += start - busyUntil;
    busyUntil = Math.max(busyUntil, tasks.endedNs[task]!);
  }
  return idle;
}
