/**
 * A function was begun again and again for one caller, each time after a pause, and failed each
 * time up to the last: the pauses bought nothing. That is a retry of what does not pass by itself,
 * or a loop that does not see that it fails. Refuted by a caller to whom the failures are no news:
 * one that looks whether something is there yet, and gives up in time.
 *
 * Runs that overlap, or that follow without a pause, are other calls and no retry.
 */
import { ACTIVATION_KIND, numberSet, OUTCOME } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import { timesSoFar } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const repeatedFailure: Rule = {
  name: 'repeated-failure',
  description: 'A function failed again and again, with pauses between, until its caller gave up.',
  start: (trace) => new RepeatedFailure(trace),
};

const CALLBACKS = numberSet(
  ACTIVATION_KIND,
  'timer-callback',
  'io-callback',
  'event-callback',
  'tick-callback',
  'promise-callback',
);
const MIN_FAILURES = 3;
/** What follows sooner did not wait for the failure to pass. */
const MIN_PAUSE_NS = 10e6;
const MIN_PAUSES_NS = 500e6;
const MIN_SHARE = 0.2;
const MAX_CLIMB = 64;
const MAX_SERIES = 100_000;
const MAX_FINDINGS = 20;

/** The runs of one function for one caller, one after another. */
interface Series {
  readonly caller: number;
  readonly site: number;
  /** Runs that go on. */
  open: number;
  /** In a row up to now, the last of them, and the pauses between them. */
  failures: number;
  last: number;
  firstNs: number;
  lastNs: number;
  pausesNs: number;
  /** Where the caller waited for the last one; −1: not known. */
  waitSite: number;
  isBroken: boolean;
}

class RepeatedFailure implements RuleRun {
  readonly #trace: Trace;
  readonly #series = new Map<string, Series>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number, t: number): void {
    const { site } = this.#trace.tasks;
    if (site[task]! < 0) return;
    const key = this.#keyOf(task);
    if (key === null) return;
    let series = this.#series.get(key.text);
    if (series === undefined) {
      if (this.#series.size >= MAX_SERIES) return;
      series = {
        caller: key.caller,
        site: site[task]!,
        open: 0,
        failures: 0,
        last: -1,
        firstNs: t,
        lastNs: t,
        pausesNs: 0,
        waitSite: -1,
        isBroken: false,
      };
      this.#series.set(key.text, series);
    }
    if (series.open++ > 0) series.isBroken = true;
    if (series.failures === 0) series.firstNs = t;
    else if (t - series.lastNs < MIN_PAUSE_NS) series.isBroken = true;
    else series.pausesNs += t - series.lastNs;
  }

  taskEnded(task: number, t: number): void {
    const { site, outcome, state, frameOf, waitSite } = this.#trace.tasks;
    if (site[task]! < 0) return;
    const key = this.#keyOf(task);
    const series = key === null ? undefined : this.#series.get(key.text);
    if (series === undefined) return;
    series.open--;
    series.last = task;
    series.lastNs = t;
    if (outcome[task] !== OUTCOME.error) {
      // It passed: what failed before was worth another try.
      series.failures = 0;
      series.pausesNs = 0;
      return;
    }
    series.failures++;
    const isAwaited = state[series.caller] === State.wait || frameOf[task] === series.caller;
    if (isAwaited) series.waitSite = waitSite[series.caller]!;
  }

  findings(): Finding[] {
    return [...this.#series.values()]
      .filter((series) => this.#isTold(series))
      .sort((a, b) => b.pausesNs - a.pausesNs)
      .slice(0, MAX_FINDINGS)
      .map((series) => findingOf(this.#trace, series));
  }

  #isTold({ caller, failures, pausesNs, isBroken }: Series): boolean {
    const trace = this.#trace;
    if (isBroken || failures < MIN_FAILURES || pausesNs < MIN_PAUSES_NS) return false;
    if (trace.losses.hasAny(trace.tasks.process[caller]!)) return false;
    return pausesNs >= MIN_SHARE * timesSoFar(trace, trace.rowOf(caller)).livedNs;
  }

  /** The function and who began it, if need be through callbacks; null: nobody. */
  #keyOf(task: number): { readonly text: string; readonly caller: number } | null {
    const { parent, kind, site } = this.#trace.tasks;
    let caller = parent[task]!;
    for (let i = 0; caller >= 0 && i < MAX_CLIMB; i++, caller = parent[caller]!) {
      // The world begins the handler of an event: what it calls is called for that event.
      const isHandler = kind[caller] === ACTIVATION_KIND['event-callback'] && site[caller]! >= 0;
      if (isHandler || !CALLBACKS.has(kind[caller]!)) return { text: `${caller} ${site[task]}`, caller };
    }
    return null;
  }
}

function findingOf(trace: Trace, series: Series): Finding {
  const { caller, failures, last, firstNs, lastNs, pausesNs, waitSite } = series;
  const { error, endSite } = trace.tasks;
  const row = trace.rowOf(caller);
  const name = { task: trace.rowOf(last), text: trace.nameOf(last) };
  const words: SentencePart[] = [
    name,
    ` failed ${count(failures, 'time')} in a row for `,
    caller === row ? taskPart(trace, row) : { task: row, text: trace.nameOf(caller) },
  ];
  if (waitSite >= 0) words.push(' at ', sitePart(trace, waitSite));
  if (error[last]! >= 0) words.push(`, at last with ${trace.text(error[last]!)}`);
  if (endSite[last]! >= 0) words.push(' from ', sitePart(trace, endSite[last]!));
  words.push(
    `: the pauses between took ${duration(pausesNs)} of ${duration(lastNs - firstNs)}. `,
    'What does not pass by itself needs no other try.',
  );
  return {
    rule: repeatedFailure.name,
    severity: 'warning',
    words,
    sites: [...new Set([waitSite, series.site, endSite[last]!])].filter((site) => site >= 0),
    tasks: [...new Set([row, trace.rowOf(last)])],
    t: lastNs,
    sinceNs: firstNs,
    gainNs: pausesNs,
  };
}
