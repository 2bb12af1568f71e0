/**
 * How long each await waited, how often, for what, and who ended it: what an editor says beside the
 * line.
 *
 * The cost of an event is constant and the memory of a site bounded. Durations go into a histogram
 * with steps of 2^(1/64), so a median is off by at most 0.6 %. Wakers beyond a bound are counted
 * together. The await of an async function of the program (`await load()`) is a frame to the fold
 * and no wait. A reader of the line wants its time all the same: it is measured here, from the
 * await to the caller's return.
 */
import type { Observer, RowChange } from '../fold/observer.ts';
import { keepWait } from '../model/keep-wait.ts';
import { lossAfter } from '../model/known-until.ts';
import { type Target, State } from '../model/state.ts';
import { RESOURCE_KINDS } from '../format/kinds.ts';
import { isOver } from '../model/times-so-far.ts';
import type { EndedWait, Wait } from '../model/wait.ts';
import type { Trace } from '../model/trace.ts';

const STEPS_AN_OCTAVE = 64;
const MAX_WAKERS = 16;

export class SiteWaits {
  count = 0;
  totalNs = 0;
  worstNs = 0;
  minNs = Number.POSITIVE_INFINITY;
  /** The longest wait; null: there was none, or the longest was the await of an async function. */
  worst: Wait | null = null;
  /** Tasks that wait here now, themselves or in a callee; as `countOpen` counted them. */
  waitingNow = 0;
  /** Tasks that still waited here when their thread or the program ended; counted likewise. */
  leftWaiting = 0;
  /** Waits by reason (index in REASONS). */
  readonly reasons = new Map<number, number>();
  /**
   * By the waker's name, or the name of the timer or I/O that came; '' when neither was recorded.
   */
  readonly wakers = new Map<string, number>();
  /** Wakers beyond the first sixteen names. */
  otherWakers = 0;
  readonly #histogram = new Map<number, number>();

  add(ns: number, reason: number, waker: string, wait: Wait | null = null): void {
    this.count++;
    this.totalNs += ns;
    if (ns >= this.worstNs) {
      this.worstNs = ns;
      this.worst = wait;
    }
    this.minNs = Math.min(this.minNs, ns);
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    const step = Math.round(Math.log2(Math.max(1, ns)) * STEPS_AN_OCTAVE);
    this.#histogram.set(step, (this.#histogram.get(step) ?? 0) + 1);
    const known = this.wakers.get(waker);
    if (known !== undefined) this.wakers.set(waker, known + 1);
    else if (this.wakers.size < MAX_WAKERS) this.wakers.set(waker, 1);
    else this.otherWakers++;
  }

  /** The wait that half of them do not exceed; 0 when there was none. */
  get medianNs(): number {
    const half = Math.ceil(this.count / 2);
    let seen = 0;
    for (const step of [...this.#histogram.keys()].sort((a, b) => a - b)) {
      seen += this.#histogram.get(step)!;
      if (seen >= half) {
        return Math.min(this.worstNs, Math.max(this.minNs, 2 ** (step / STEPS_AN_OCTAVE)));
      }
    }
    return 0;
  }
}

export class SiteSummary implements Observer {
  /** By index of the site. */
  readonly sites = new Map<number, SiteWaits>();
  /** Grows with every change: a reader knows whether there is news. */
  version = 0;
  readonly #trace: Trace;
  /** By row: the site it waits at now. */
  readonly #waitingAt = new Map<number, number>();
  /** Callers that await an async function of their own: since when, where. */
  readonly #onFrame = new Map<
    number,
    { readonly site: number; readonly sinceNs: number; readonly frame: number }
  >();

  /** @param trace the one that the fold fills, as given to it: `new Fold([summary], trace)`. */
  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded(ended: EndedWait): void {
    const { row, startNs, endNs, reason, target, site, waker } = ended;
    const trace = this.#trace;
    const by = waker < 0 ? -1 : trace.rowOf(waker);
    const name = by < 0 ? describeCause(trace, target) : by === row ? 'its own work' : trace.nameOf(by);
    // Only the longest wait is kept in full.
    const isWorst = endNs - startNs >= (this.sites.get(site)?.worstNs ?? 0);
    this.#add(site, endNs - startNs, reason, name, isWorst ? keepWait(trace, ended) : null);
  }

  taskAbsorbed(task: number): void {
    this.frameAwaited(task);
  }

  frameAwaited(task: number): void {
    const { tasks } = this.#trace;
    const caller = tasks.frameOf[task]!;
    // From now on the caller's row says where it waits.
    this.#waitingAt.delete(task);
    if (caller < 0 || tasks.waitSite[caller]! < 0) return;
    this.#onFrame.set(caller, {
      site: tasks.waitSite[caller]!,
      sinceNs: tasks.sinceNs[caller]!,
      frame: task,
    });
  }

  laneSwitched(_lane: number, t: number, task: number): void {
    const awaited = this.#onFrame.get(task);
    const trace = this.#trace;
    if (!awaited || trace.tasks.state[task] !== State.run) return;
    this.#onFrame.delete(task);
    this.#add(awaited.site, t - awaited.sinceNs, trace.tasks.reason[task]!, trace.nameOf(awaited.frame));
  }

  rowChanged({ row, state, ref }: RowChange): void {
    if (state === State.wait && ref >= 0) this.#waitingAt.set(row, ref);
    else this.#waitingAt.delete(row);
    this.version++;
  }

  /**
   * Counts who waits where, as of now: after the end of a thread or of the program, nobody waits.
   * It looks at every open wait, so call it when asked, not for every event.
   */
  countOpen(): void {
    for (const waits of this.sites.values()) waits.waitingNow = waits.leftWaiting = 0;
    const trace = this.#trace;
    const seen = new Map<number, Set<number>>();
    const count = (row: number, site: number): void => {
      let rows = seen.get(site);
      if (!rows) seen.set(site, (rows = new Set()));
      // A function that calls itself here waits once.
      if (rows.has(row)) return;
      rows.add(row);
      if (lossAfter(trace, row) !== null) return;
      const waits = this.#at(site);
      if (isOver(trace, row)) waits.leftWaiting++;
      else waits.waitingNow++;
    };
    for (const [row, site] of this.#waitingAt) count(row, site);
    for (const [caller, { site }] of this.#onFrame) {
      const row = trace.rowOf(caller);
      if (this.#waitingAt.has(row) && trace.tasks.state[caller] === State.wait) count(row, site);
    }
  }

  #add(site: number, ns: number, reason: number, waker: string, wait: Wait | null = null): void {
    if (site < 0) return;
    this.#at(site).add(Math.max(0, ns), reason, waker, wait);
    this.version++;
  }

  #at(site: number): SiteWaits {
    let waits = this.sites.get(site);
    if (!waits) this.sites.set(site, (waits = new SiteWaits()));
    return waits;
  }
}

/** A wait that its own target ended: a timer that came, an answer from the disk or the network. */
function describeCause(trace: Trace, target: Target): string {
  const it = target < 0 ? trace.resources[-target - 1] : undefined;
  const kind = RESOURCE_KINDS[it?.kind ?? 0] ?? '';
  if (!it || kind === '' || kind === 'group') return '';
  return kind === 'timer' ? `the timer ${it.name}` : it.name || kind;
}
