/**
 * Awaits of one activation that stand one after another and are noted as independent (SITE_NOTES):
 * how often and how long they waited, and how long they would have taken together. A *run* is one
 * such stretch of an activation: it ends where the activation awaits something else.
 *
 *   turn 1         turn 2         …            together: the longest turn of a loop;
 *   ├─a──┤├─b─┤    ├─a──┤├─b─┤                 in a block, independent awaits begin at once
 *
 * A run proves nothing, and is dropped, once one of its waits was for a lock, a queue or the like,
 * or was ended by a task that the activation did not begin itself: then others decide what comes
 * when. So is one of which records are missing.
 */
import type { Observer } from '../fold/observer.ts';
import { REASON, SITE_NOTE, SITE_NOTES, SITE_ROLE, numberSet } from '../format/kinds.ts';
import type { Loss } from '../model/losses.ts';
import { settledReason } from '../model/settled-reason.ts';
import { taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';

/** What ends by itself, and could go on beside others of its kind. */
const PARALLEL_REASONS = numberSet(REASON, '', 'task', 'group', 'timer', 'io', 'future', 'pool');
/** What a note makes of an await, by index in SITE_NOTES: asked for each wait of each frame. */
const FORM = { none: 0, loop: 1, block: 2 } as const;
const FORMS = new Uint8Array(SITE_NOTES.length);
for (const name of ['in-loop', 'effect-in-loop'] as const) FORMS[SITE_NOTE[name]] = FORM.loop;
for (const name of ['begins-series', 'independent', 'dependent'] as const)
  FORMS[SITE_NOTE[name]] = FORM.block;
/** Frames may be deep: further callers are not looked at. */
const MAX_FRAMES = 32;
const MAX_ANCESTORS = 64;
const MAX_RUNS_KEPT = 64;
/** Beyond so many that go on, no further ones are looked at. */
const MAX_OPEN_RUNS = 100_000;

/** A run that is over, or what is known of it so far. */
export interface AwaitRun {
  readonly task: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly calls: number;
  readonly waitNs: number;
  /** What the waits would take together. */
  readonly togetherNs: number;
}

/** The runs of all activations of one function over the same awaits. */
export interface AwaitSeries {
  /** Index in SITE_NOTES, of its first await. */
  readonly note: number;
  /** Await sites, in the order in which they were met. */
  readonly sites: ReadonlySet<number>;
  readonly runCount: number;
  /** What all runs would have saved. */
  readonly allGainNs: number;
  /** Those that would gain most. */
  readonly runs: readonly AwaitRun[];
  /** Activations of one origin were at it at once: how many, was their maker's choice. */
  readonly isShared: boolean;
}

class OpenRun {
  readonly task: number;
  readonly note: number;
  /** The site of its first await. */
  readonly key: number;
  readonly startNs: number;
  readonly sites: number[] = [];
  readonly isLoop: boolean;
  isBroken = false;
  /** Null: none of its waits was looked at. */
  series: SeriesSoFar | null = null;
  endNs: number;
  calls = 0;
  waitNs = 0;
  /** The await that goes on, or was met last. */
  site = -1;
  callStartNs = Number.NaN;
  callEndNs: number;
  #callWaitNs = 0;
  #callNote = 0;
  /** Of a loop: of this turn, and the longest. Of a block: when all so far would have ended. */
  #turnNs = 0;
  #togetherNs = 0;

  constructor(task: number, note: number, key: number, startNs: number) {
    this.task = task;
    this.note = note;
    this.isLoop = FORMS[note] === FORM.loop;
    this.key = key;
    this.startNs = this.endNs = this.callEndNs = startNs;
  }

  beginCall(site: number, note: number, startNs: number, isNewTurn: boolean): void {
    this.#endCall();
    if (isNewTurn) {
      this.#togetherNs = Math.max(this.#togetherNs, this.#turnNs);
      this.#turnNs = 0;
    }
    if (!this.sites.includes(site)) this.sites.push(site);
    this.site = site;
    this.#callNote = note;
    this.callStartNs = startNs;
    this.calls++;
  }

  addWait(startNs: number, endNs: number): void {
    this.#callWaitNs += endNs - startNs;
    this.callEndNs = this.endNs = endNs;
  }

  #endCall(): void {
    const ns = this.#callWaitNs;
    this.#callWaitNs = 0;
    this.waitNs += ns;
    if (this.isLoop) this.#turnNs += ns;
    else if (this.#callNote === SITE_NOTE.dependent) this.#togetherNs += ns;
    else this.#togetherNs = Math.max(this.#togetherNs, ns);
  }

  /** As of now; it may go on. */
  soFar(): AwaitRun {
    const { task, startNs, endNs, calls } = this;
    const ns = this.#callWaitNs;
    const turnNs = this.#turnNs + ns;
    const isDependent = this.#callNote === SITE_NOTE.dependent;
    const ofBlock = isDependent ? this.#togetherNs + ns : Math.max(this.#togetherNs, ns);
    const togetherNs = this.isLoop ? Math.max(this.#togetherNs, turnNs) : ofBlock;
    return { task, startNs, endNs, calls, waitNs: this.waitNs + ns, togetherNs };
  }
}

class SeriesSoFar implements AwaitSeries {
  readonly note: number;
  readonly sites = new Set<number>();
  readonly runs: AwaitRun[] = [];
  runCount = 0;
  allGainNs = 0;
  isShared = false;
  /** The activation that was at it last, and when. */
  lastTask = -1;
  lastNs = 0;

  constructor(note: number) {
    this.note = note;
  }

  copy(): SeriesSoFar {
    const copy = new SeriesSoFar(this.note);
    for (const site of this.sites) copy.sites.add(site);
    copy.runs.push(...this.runs);
    copy.runCount = this.runCount;
    copy.allGainNs = this.allGainNs;
    copy.isShared = this.isShared;
    return copy;
  }

  add(run: OpenRun): void {
    for (const site of run.sites) this.sites.add(site);
    this.runCount++;
    const soFar = run.soFar();
    this.allGainNs += gainOf(soFar);
    this.runs.push(soFar);
    if (this.runs.length <= MAX_RUNS_KEPT) return;
    this.runs.sort((a, b) => gainOf(b) - gainOf(a));
    this.runs.length = MAX_RUNS_KEPT;
  }
}

export const gainOf = ({ waitNs, togetherNs }: AwaitRun): number => waitNs - togetherNs;

export class AwaitRuns implements Observer {
  readonly #trace: Trace;
  /** By activation. */
  readonly #open = new Map<number, OpenRun>();
  /** By the site of the first await. */
  readonly #series = new Map<number, SeriesSoFar>();
  /**
   * By row: the call of a caller's await that its waits are within, where no frames are recorded.
   */
  readonly #within = new Map<number, { readonly site: number; startNs: number }>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** As of the records folded so far. */
  series(): AwaitSeries[] {
    const series = new Map([...this.#series].map(([key, each]) => [key, each.copy()]));
    for (const run of this.#open.values()) addRun(series, run);
    return [...series.values()];
  }

  callBegan(row: number, t: number, site: number): void {
    if (site >= 0) this.#within.set(row, { site, startNs: t });
    else {
      this.#within.delete(row);
      this.#close(row);
    }
  }

  /** The wait is also one of each caller whose await it passes through. */
  waitEnded(wait: EndedWait): void {
    const { tasks, sites } = this.#trace;
    const within = this.#within.get(wait.row);
    if (within !== undefined) return this.#addWait(wait.row, within.site, within.startNs, wait);
    let [task, site, startNs] = [wait.task, wait.site, wait.startNs];
    for (let depth = 0; task >= 0 && depth < MAX_FRAMES; depth++) {
      const form = site < 0 || sites[site]!.role === SITE_ROLE.call ? FORM.none : FORMS[sites[site]!.note];
      if (form !== FORM.none) this.#addWait(task, site, startNs, wait);
      else if (this.#open.size > 0) this.#close(task);
      task = tasks.frameOf[task]!;
      if (task < 0) return;
      site = tasks.waitSite[task]!;
      startNs = tasks.sinceNs[task]!;
    }
  }

  taskEnded(task: number): void {
    if (this.#within.size > 0) this.#within.delete(task);
    if (this.#open.size > 0) this.#close(task);
  }

  recordsLost({ process }: Loss): void {
    const { tasks } = this.#trace;
    for (const task of this.#open.keys()) if (tasks.process[task] === process) this.#open.delete(task);
  }

  #addWait(task: number, site: number, callStartNs: number, wait: EndedWait): void {
    const { note } = this.#trace.sites[site]!;
    let run = this.#open.get(task);
    if (run === undefined || run.callStartNs !== callStartNs) {
      const isSameKind =
        run !== undefined &&
        (run.isLoop ? run.note === note && this.#isSameFunction(site, run.site) : FORMS[note] === FORM.block);
      if (run !== undefined && (!isSameKind || note === SITE_NOTE['begins-series'])) {
        this.#close(task);
        run = undefined;
      }
      if (run === undefined) {
        // Its beginning did not wait, or was let go: nothing was held up by what came before.
        if (note === SITE_NOTE.independent || note === SITE_NOTE.dependent) return;
        if (this.#open.size >= MAX_OPEN_RUNS) return;
        run = new OpenRun(task, note, site, callStartNs);
        this.#open.set(task, run);
      }
      if (this.#beganBefore(wait, run.callEndNs)) run.isBroken = true;
      run.beginCall(site, note, callStartNs, run.isLoop && !this.#isBelow(site, run.site));
    }
    run.addWait(wait.startNs, wait.endNs);
    if (run.isBroken) return;
    if (this.#isOwnWork(task, wait)) this.#noteShared(run, wait);
    else run.isBroken = true;
  }

  /** In Python a task's awaits are those of all functions that it goes through. */
  #isSameFunction(site: number, last: number): boolean {
    const { sites } = this.#trace;
    return last < 0 || (sites[site]!.file === sites[last]!.file && sites[site]!.fn === sites[last]!.fn);
  }

  /** Later in the text of the same turn. */
  #isBelow(site: number, last: number): boolean {
    if (last < 0) return true;
    const [a, b] = [this.#trace.sites[site]!, this.#trace.sites[last]!];
    return a.line > b.line || (a.line === b.line && a.column > b.column);
  }

  /** What is waited for had begun while the await before went on: the two did overlap. */
  #beganBefore({ target }: EndedWait, ns: number): boolean {
    const awaited = taskOfTarget(target);
    return awaited >= 0 && this.#trace.tasks.beganNs[awaited]! < ns;
  }

  /** The wait ended by itself, or by what the activation had begun. */
  #isOwnWork(task: number, { reason, target, waker }: EndedWait): boolean {
    if (!PARALLEL_REASONS.has(settledReason(this.#trace, reason, waker, target))) return false;
    const awaited = taskOfTarget(target);
    return [awaited, waker].every((other) => other < 0 || this.#descends(other, task));
  }

  #descends(task: number, from: number): boolean {
    const { parent } = this.#trace.tasks;
    for (let depth = 0; task >= 0 && depth < MAX_ANCESTORS; depth++) {
      if (task === from) return true;
      task = parent[task]!;
    }
    return false;
  }

  #noteShared(run: OpenRun, { endNs }: EndedWait): void {
    if (!run.isLoop) return;
    const series = (run.series ??= seriesOf(this.#series, run));
    const { lastTask } = series;
    if (lastTask >= 0 && lastTask !== run.task && series.lastNs > run.startNs)
      series.isShared ||= this.#rootOf(lastTask) === this.#rootOf(run.task);
    // Nothing will be said of it.
    if (series.isShared) run.isBroken = true;
    series.lastTask = run.task;
    series.lastNs = endNs;
  }

  #rootOf(task: number): number {
    const { parent } = this.#trace.tasks;
    for (let depth = 0; parent[task]! >= 0 && depth < MAX_ANCESTORS; depth++) task = parent[task]!;
    return task;
  }

  #close(task: number): void {
    const run = this.#open.get(task);
    if (run === undefined) return;
    this.#open.delete(task);
    addRun(this.#series, run);
  }
}

function seriesOf(all: Map<number, SeriesSoFar>, { key, note }: OpenRun): SeriesSoFar {
  let series = all.get(key);
  if (series === undefined) all.set(key, (series = new SeriesSoFar(note)));
  return series;
}

function addRun(all: Map<number, SeriesSoFar>, run: OpenRun): void {
  if (!run.isBroken && run.calls > 1) seriesOf(all, run).add(run);
}
