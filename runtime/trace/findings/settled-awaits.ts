/**
 * A loop that awaits what is settled already, over and over: each turn is a microtask, and as long
 * as there is one the event loop does not turn. No timer comes and no I/O is delivered, though the
 * function seems to wait.
 *
 *   while (!isReady) await Promise.resolve();
 *
 * Anything that the loop delivered in between to the same thread refutes it: then it did turn.
 */
import type { Observer } from '../fold/observer.ts';
import { ACTIVATION_KIND, LANGUAGE, numberSet } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Finding } from './finding.ts';

const MIN_NS = 250e6;
const MIN_ERROR_NS = 1e9;
const MIN_TURNS = 1000;
const MAX_FINDINGS = 10;
/** What the loop hands out. */
const DELIVERED = numberSet(ACTIVATION_KIND, 'timer-callback', 'io-callback', 'event-callback');

/** Turns of one task at one await, with nothing in between that the loop delivered. */
interface Series {
  readonly task: number;
  readonly site: number;
  readonly sinceNs: number;
  turns: number;
  untilNs: number;
}

export class SettledAwaits implements Observer {
  readonly #trace: Trace;
  /** By lane: the series that goes on. */
  readonly #series = new Map<number, Series>();
  readonly #found: Series[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number): void {
    const { kind, lane } = this.#trace.tasks;
    if (this.#series.size > 0 && DELIVERED.has(kind[task]!)) this.#end(lane[task]!);
  }

  /** It is ready at once: what it awaits is settled. */
  taskSuspended(task: number, t: number): void {
    const { lane: lanes, state, waitSite, process } = this.#trace.tasks;
    if (state[task] !== State.ready) return;
    // In Python who gives the turn away gives it to the loop.
    if (this.#trace.processes[process[task]!]!.language === LANGUAGE.python) return;
    const lane = lanes[task]!;
    const site = waitSite[task]!;
    const series = this.#series.get(lane);
    if (series !== undefined && series.task === task && series.site === site) {
      series.turns++;
      series.untilNs = t;
      return;
    }
    if (series !== undefined && series.turns >= MIN_TURNS) this.#end(lane);
    if (site >= 0) this.#series.set(lane, { task, site, sinceNs: t, turns: 1, untilNs: t });
  }

  /** Another task woke it: a microtask, too. Nobody did: the loop brought it. */
  waitEnded({ task, waker }: EndedWait): void {
    if (waker < 0 && this.#series.size > 0) this.#end(this.#trace.tasks.lane[task]!);
  }

  /** @param rule the name of the rule that says so */
  findings(rule: string): Finding[] {
    return [...this.#found, ...this.#series.values()]
      .map((series) => this.#untilLoss(series))
      .filter(isFlood)
      .sort((a, b) => b.untilNs - b.sinceNs - (a.untilNs - a.sinceNs))
      .slice(0, MAX_FINDINGS)
      .map((series) => findingOf(this.#trace, rule, series));
  }

  /** What came between is unknown from the first lost record on. */
  #untilLoss(series: Series): Series {
    const { losses, tasks } = this.#trace;
    const untilNs = Math.min(series.untilNs, losses.firstSinceNs(tasks.process[series.task]!));
    return { ...series, untilNs };
  }

  #end(lane: number): void {
    const series = this.#series.get(lane);
    if (series === undefined) return;
    this.#series.delete(lane);
    if (isFlood(series) && this.#found.length < MAX_FINDINGS) this.#found.push(series);
  }
}

const isFlood = ({ turns, sinceNs, untilNs }: Series): boolean =>
  turns >= MIN_TURNS && untilNs - sinceNs >= MIN_NS;

function findingOf(trace: Trace, rule: string, { task, site, turns, sinceNs, untilNs }: Series): Finding {
  const { text } = trace.sites[site]!;
  const row = trace.rowOf(task);
  const ns = untilNs - sinceNs;
  return {
    rule,
    severity: ns >= MIN_ERROR_NS ? 'error' : 'warning',
    words: [
      taskPart(trace, task),
      ` held the thread for ${duration(ns)}: at `,
      sitePart(trace, site),
      ` it awaited what was settled already${text === '' ? '' : ` (\`${text}\`)`}, ${count(turns, 'time')}, ` +
        'and the event loop could not turn meanwhile. ',
      'Await `setImmediate` of node:timers/promises, or the event itself.',
    ],
    sites: [site, trace.tasks.site[task]!].filter((known) => known >= 0),
    tasks: [row],
    t: untilNs,
    sinceNs,
    gainNs: ns,
  };
}
