/**
 * A function was begun again and again for one caller, each time after a pause, and failed each
 * time up to the last: the pauses bought nothing. That is a retry of what does not pass by itself,
 * or a loop that does not see that it fails. Refuted by a caller to whom the failures are no news:
 * one that looks whether something is there yet, and gives up in time.
 *
 * Runs that overlap are other calls and no retry. So are those that follow without a pause, unless
 * each failed in the same way and the caller fails so in the end, or goes on for ever: a retry that
 * leaves no time for anything to pass.
 */
import { ACTIVATION_KIND, numberSet, OUTCOME } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import { timesSoFar } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { hotRetries } from './hot-retries.ts';

export const repeatedFailure: Rule = {
  name: 'repeated-failure',
  description: 'A function failed again and again until its caller gave up.',
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
/** Of one that leaves no pause. */
const MIN_HOT = 5;
/** Of one whose caller goes on. */
const MIN_HOT_OPEN = 20;
const MIN_SHARE = 0.2;
const MAX_CLIMB = 64;
/** That go on; of one, functions that failed. */
const MAX_CALLERS = 10_000;
const MAX_FUNCTIONS = 16;
const MAX_KEPT = 1000;
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
  /** How many came too soon after the one before. */
  soon: number;
  /** All but the last, which is looked at in the end, failed with the same error as the first. */
  isAlike: boolean;
  error: string;
  /** The caller has failed; null: it goes on. */
  hasGivenUp: boolean | null;
  /** Where the caller waited for the last one; −1: not known. */
  waitSite: number;
  isBroken: boolean;
}

class RepeatedFailure implements RuleRun {
  readonly #trace: Trace;
  /** By caller that goes on; a series begins with its first failure. */
  readonly #open = new Map<number, Series[]>();
  /** Of callers that have ended, those that may be told. */
  readonly #over: Series[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number, t: number): void {
    if (this.#open.size === 0) return;
    const series = this.#seriesOf(task);
    if (series === undefined) return;
    if (series.open++ > 0) series.isBroken = true;
    // What an error said is recorded after the end.
    if (series.failures === 1) series.error = this.#errorOf(series.last);
    else if (series.failures > 1 && this.#errorOf(series.last) !== series.error) series.isAlike = false;
    if (series.failures === 0) series.firstNs = t;
    else if (t - series.lastNs < MIN_PAUSE_NS) series.soon++;
    else series.pausesNs += t - series.lastNs;
  }

  taskEnded(task: number, t: number): void {
    const { outcome, state, frameOf, waitSite, parent } = this.#trace.tasks;
    const hasFailed = outcome[task] === OUTCOME.error;
    if (this.#open.size > 0) this.#endCaller(task);
    else if (!hasFailed) return;
    const series = this.#seriesOf(task) ?? (hasFailed ? this.#begin(task) : undefined);
    if (series === undefined) return;
    // It had begun before the first failure.
    if (--series.open < 0) series.isBroken = true;
    series.last = task;
    series.lastNs = t;
    if (!hasFailed) {
      // It passed: what failed before was worth another try.
      series.failures = series.soon = 0;
      series.pausesNs = 0;
      return;
    }
    if (series.failures++ === 0) series.isAlike = true;
    // Where it calls itself for each further try, the last call of the function tells.
    const by =
      this.#trace.tasks.site[parent[task]!] === this.#trace.tasks.site[series.caller]
        ? parent[task]!
        : series.caller;
    const isAwaited = state[by] === State.wait || frameOf[task] === by;
    if (isAwaited) series.waitSite = waitSite[by]!;
  }

  #seriesOf(task: number): Series | undefined {
    const site = this.#trace.tasks.site[task]!;
    if (site < 0) return undefined;
    return this.#open.get(this.#callerOf(task))?.find((series) => series.site === site);
  }

  #begin(task: number): Series | undefined {
    const { site: sites, beganNs, state } = this.#trace.tasks;
    const site = sites[task]!;
    const caller = this.#callerOf(task);
    if (site < 0 || caller < 0 || state[caller] === State.ended) return undefined;
    const all = this.#open.get(caller) ?? [];
    if (all.length >= MAX_FUNCTIONS || this.#open.size >= MAX_CALLERS) return undefined;
    const firstNs = beganNs[task]!;
    const series: Series = {
      ...{ caller, site, open: 1, failures: 0, last: -1, firstNs, lastNs: firstNs },
      ...{ pausesNs: 0, soon: 0, isAlike: true, error: '', hasGivenUp: null },
      ...{ waitSite: -1, isBroken: false },
    };
    all.push(series);
    this.#open.set(caller, all);
    return series;
  }

  #endCaller(caller: number): void {
    const all = this.#open.get(caller);
    if (all === undefined) return;
    this.#open.delete(caller);
    const hasFailed = this.#trace.tasks.outcome[caller] === OUTCOME.error;
    for (const series of all) {
      series.hasGivenUp = hasFailed;
      if (this.#over.length < MAX_KEPT && (isRepeated(series) || isHot(series))) this.#over.push(series);
    }
  }

  /** "Error: status 401"; '': it is not known. */
  #errorOf(task: number): string {
    const error = this.#trace.tasks.error[task]!;
    return error < 0 ? '' : this.#trace.text(error);
  }

  findings(): Finding[] {
    const found = [...this.#over, ...[...this.#open.values()].flat()]
      .filter((series) => this.#isTold(series))
      .sort((a, b) => b.pausesNs - a.pausesNs)
      .slice(0, MAX_FINDINGS)
      .map((series) => findingOf(this.#trace, series));
    const told = new Set(found.flatMap(({ sites }) => sites));
    return [...found, ...hotRetries(this.#trace, repeatedFailure.name, told)];
  }

  #isTold(series: Series): boolean {
    const trace = this.#trace;
    const { caller, pausesNs } = series;
    if (isHot(series)) {
      if (this.#errorOf(series.last) !== series.error) return false;
      // Of an error that no task caught it is not known what it said.
      const ending = series.hasGivenUp === null ? '' : this.#errorOf(caller);
      if (ending !== '' && ending !== series.error) return false;
      return !trace.losses.hasAny(trace.tasks.process[caller]!);
    }
    if (!isRepeated(series) || trace.losses.hasAny(trace.tasks.process[caller]!)) return false;
    return pausesNs >= MIN_SHARE * timesSoFar(trace, trace.rowOf(caller)).livedNs;
  }

  /** Who began it, if need be through callbacks; −1: nobody. */
  #callerOf(task: number): number {
    const { parent, kind, site } = this.#trace.tasks;
    let caller = parent[task]!;
    for (let i = 0; caller >= 0 && i < MAX_CLIMB; i++, caller = parent[caller]!) {
      // The world begins the handler of an event: what it calls is called for that event.
      const isHandler = kind[caller] === ACTIVATION_KIND['event-callback'] && site[caller]! >= 0;
      if (!isHandler && CALLBACKS.has(kind[caller]!)) continue;
      // One that calls itself for each further try is one caller.
      for (let outer = parent[caller]!; outer >= 0 && i < MAX_CLIMB && site[outer] === site[caller]; i++) {
        caller = outer;
        outer = parent[caller]!;
      }
      return caller;
    }
    return -1;
  }
}

const isRepeated = ({ failures, pausesNs, soon, isBroken }: Series): boolean =>
  !isBroken && soon === 0 && failures >= MIN_FAILURES && pausesNs >= MIN_PAUSES_NS;

/** It is tried again at once, with the same failure each time. */
const isHot = ({ failures, pausesNs, soon, isAlike, isBroken, error, hasGivenUp }: Series): boolean =>
  !isBroken &&
  isAlike &&
  error !== '' &&
  pausesNs < MIN_PAUSES_NS &&
  2 * soon >= failures &&
  failures >= (hasGivenUp === null ? MIN_HOT_OPEN : MIN_HOT) &&
  hasGivenUp !== false;

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
    isHot(series)
      ? `, each time at once after the one before: ${duration(lastNs - firstNs)}. ` +
          'Wait longer after each failure, and do not try again what does not pass by itself.'
      : `: the pauses between took ${duration(pausesNs)} of ${duration(lastNs - firstNs)}. ` +
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
    ...(isHot(series) ? {} : { gainNs: pausesNs }),
  };
}
