/**
 * A limiter, a queue or a map of a package that let one call run at a time: the runs of one
 * function came one right after the other, never two at once, while a task waited for all of them.
 * Whoever gave it its width knows whether that was meant, so it warns only where most of the
 * program's time went that way.
 *
 *   await pMap(albums, thumbnails, { concurrency: 1 })   run│run│run│run│run
 *
 * Silent for what lets one through by its nature (a lock, by its name or by that of what is
 * called), for functions that change what their runs share, and where the runs were computing: one
 * thread does not compute two things at once.
 */
import type { Observer } from '../fold/observer.ts';
import { ACTIVATION_KIND, SITE_NOTE } from '../format/kinds.ts';
import { processKnownUntil } from '../model/known-until.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { Finding } from './finding.ts';
import { askedBy } from './resource-holders.ts';

const MIN_RUNS = 5;
/** From a run's end to the next one's begin. */
const MAX_GAP_NS = 5e6;
/** From the wait's begin back to that of the first run: what was given before it was waited for. */
const MAX_BEFORE_NS = 100e6;
const MIN_WAIT_NS = 100e6;
/** How much of the wait the runs fill. */
const MIN_COVERED = 0.85;
/** How much of a run is waiting, so that others could have gone on beside it. */
const MIN_WAITING = 0.5;
/** Of the process's life, what it would save. */
const MIN_SHARE = 0.1;
const MIN_WARNED_SHARE = 0.5;
const MAX_FUNCTIONS = 1000;
const MAX_FINDINGS = 10;
const MAX_TASKS = 20;
const ASYNC = ACTIVATION_KIND['async-function'];
const ONE_BY_NATURE = /lock|mutex|exclusive|acquire|serial|sequen|semaphore|transaction|ordered/i;

/** Runs of one function that came one right after the other. */
interface Series {
  readonly site: number;
  open: number;
  runs: number;
  firstNs: number;
  lastNs: number;
  busyNs: number;
  waitNs: number;
  longestNs: number;
  tasks: number[];
}

/** A task waited for an object while the series went on. */
interface Limited {
  readonly row: number;
  readonly site: number;
  readonly asked: number;
  readonly endNs: number;
  readonly series: Series;
}

export class WidthOne implements Observer {
  readonly #trace: Trace;
  readonly #series = new Map<number, Series>();
  readonly #found: Limited[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number, t: number): void {
    const { kind, site: sites } = this.#trace.tasks;
    const site = sites[task]!;
    if (kind[task] !== ASYNC || site < 0) return;
    const series = this.#series.get(site);
    if (series !== undefined && series.open < 0 && t - series.lastNs <= MAX_GAP_NS) series.open = task;
    else if (series !== undefined || this.#series.size < MAX_FUNCTIONS) this.#begin(site, task, t);
  }

  taskEnded(task: number): void {
    const { site, beganNs, endedNs, waitNs, frameOf, state } = this.#trace.tasks;
    const series = this.#series.get(site[task]!);
    if (series === undefined || series.open !== task || state[task] !== State.ended) return;
    series.open = -1;
    // What its caller awaited at once is a step of that.
    if (frameOf[task]! >= 0) return void this.#series.delete(site[task]!);
    const t = endedNs[task]!;
    const ns = t - beganNs[task]!;
    series.runs++;
    series.lastNs = t;
    series.busyNs += ns;
    series.waitNs += waitNs[task]!;
    series.longestNs = Math.max(series.longestNs, ns);
    if (series.tasks.length < MAX_TASKS) series.tasks.push(task);
  }

  waitEnded(wait: EndedWait): void {
    const { startNs, endNs, target } = wait;
    if (endNs - startNs < MIN_WAIT_NS || this.#found.length >= MAX_FINDINGS) return;
    const [asked = -1, ...others] = askedBy(this.#trace, target);
    if (asked < 0 || others.length > 0) return;
    for (const series of this.#series.values()) {
      if (!this.#isOfWait(wait, asked, series)) continue;
      this.#found.push({ row: wait.row, site: wait.site, asked, endNs, series: { ...series } });
      return;
    }
  }

  /** @param rule the name of the rule that says so */
  findings(rule: string): Finding[] {
    return this.#found.flatMap((limited) => findingOf(this.#trace, rule, limited) ?? []);
  }

  /** It is another series, or two runs at once are none: then it counts anew from this one. */
  #begin(site: number, task: number, t: number): void {
    const counts = { runs: 0, firstNs: t, lastNs: t, busyNs: 0, waitNs: 0, longestNs: 0, tasks: [] };
    this.#series.set(site, { site, open: task, ...counts });
  }

  #isOfWait({ startNs, endNs, site }: EndedWait, asked: number, series: Series): boolean {
    const { sites, resources } = this.#trace;
    const { runs, firstNs, lastNs, busyNs, waitNs } = series;
    if (runs < MIN_RUNS || series.open >= 0 || firstNs < startNs - MAX_BEFORE_NS) return false;
    if (lastNs > endNs || endNs - lastNs > MAX_GAP_NS || busyNs < MIN_COVERED * (endNs - startNs))
      return false;
    if (waitNs < MIN_WAITING * busyNs || sites[series.site]!.note === SITE_NOTE['shared-state']) return false;
    return !ONE_BY_NATURE.test(`${resources[asked]!.name} ${sites[site]?.text ?? ''}`);
  }
}

/** Null: it was too little of the process's life, or records are missing. */
function findingOf(trace: Trace, rule: string, { row, site, asked, endNs, series }: Limited): Finding | null {
  const process = trace.processes[trace.tasks.process[row]!]!;
  const { runs, firstNs, busyNs, longestNs } = series;
  const livedNs = processKnownUntil(trace, process).untilNs - process.startNs;
  const gainNs = busyNs - longestNs;
  if (gainNs < MIN_SHARE * livedNs || trace.losses.hasAny(process.index)) return null;
  const [first] = series.tasks as [number];
  return {
    rule,
    severity: gainNs >= MIN_WARNED_SHARE * livedNs ? 'warning' : 'info',
    words: [
      resourcePart(trace, asked),
      ' let one run of ',
      { task: first, text: trace.nameOf(first) },
      ' (',
      sitePart(trace, series.site),
      ') go on at a time while ',
      taskPart(trace, row),
      ...(site >= 0 ? [' waited at ', sitePart(trace, site)] : [' waited']),
      `: ${count(runs, 'run')} one after another, ${duration(busyNs)} of ${duration(livedNs)}; ` +
        `together they would take ${duration(longestNs)}. `,
      'If their order does not matter, let more of them run at once.',
    ],
    sites: [site, series.site, trace.resources[asked]!.site].filter((known) => known >= 0),
    tasks: [row, ...series.tasks.map((task) => trace.rowOf(task))].slice(0, MAX_TASKS),
    t: endNs,
    sinceNs: firstNs,
    gainNs,
  };
}
