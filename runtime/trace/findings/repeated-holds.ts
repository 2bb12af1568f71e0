/**
 * Holds of a thread between the same two lines, again and again, most of them too short for their
 * function to be seen at work: one finding of all of them. What is told is what the records say:
 * where the task went on, and where it gave the thread back.
 */
import type { Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { BusyPeriod } from './busy-period.ts';
import type { Finding } from './finding.ts';
import type { Culprit } from './held-by.ts';

/** A hold as it was found. */
interface Hold {
  readonly lane: number;
  readonly period: Pick<BusyPeriod, 'longest' | 'longestSite' | 'longestSinceNs'>;
  readonly nextWaitSite: number;
  /** Without what the machine took. */
  readonly ns: number;
  readonly t: number;
  /** What was seen at work in it; null: nothing. */
  readonly culprit: Culprit | null;
}

interface RepeatedHold extends Pick<Hold, 'ns' | 't' | 'culprit'> {
  /** The row that had the thread. */
  readonly row: number;
  /** Where it went on, or began; −1: not known. */
  readonly site: number;
  /** Where it waited next; −1: it ended. */
  readonly untilSite: number;
  readonly sinceNs: number;
}

/** From here on a hold counts beside others of its kind. */
export const MIN_SHORT_NS = 40e6;
const MIN_TIMES = 4;
const MIN_TOTAL_NS = 500e6;
/** Of the time from the first to the last: what is rare is felt by nobody. */
const MIN_SHARE = 0.2;
const MAX_TASKS = 50;
const MAX_SITES = 4;

/** In the order of time, by what they have in common. */
export class RepeatedHolds {
  readonly #trace: Trace;
  readonly #groups = new Map<string, RepeatedHold[]>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  add({ lane, period, nextWaitSite, ns, t, culprit }: Hold): void {
    const { longest, longestSite, longestSinceNs } = period;
    const site = longestSite >= 0 ? longestSite : this.#trace.tasks.site[longest]!;
    if (site < 0) return;
    const row = this.#trace.rowOf(longest);
    const hold = { row, site, untilSite: nextWaitSite, ns, t, sinceNs: longestSinceNs, culprit };
    const key = `${lane} ${site} ${nextWaitSite}`;
    const group = this.#groups.get(key);
    if (group) group.push(hold);
    else this.#groups.set(key, [hold]);
  }

  /** @param rule the name of the rule that tells of them */
  findings(rule: string): { readonly finding: Finding; readonly holds: readonly RepeatedHold[] }[] {
    const found: { finding: Finding; holds: readonly RepeatedHold[] }[] = [];
    for (const holds of this.#groups.values()) {
      const totalNs = holds.reduce((sum, { ns }) => sum + ns, 0);
      const spanNs = holds.at(-1)!.t - holds[0]!.sinceNs;
      const unseen = holds.filter(({ culprit }) => culprit === null).length;
      if (unseen < MIN_TIMES || totalNs < MIN_TOTAL_NS || totalNs < spanNs * MIN_SHARE) continue;
      found.push({ finding: this.#findingOf(rule, holds, totalNs), holds });
    }
    return found;
  }

  #findingOf(rule: string, holds: readonly RepeatedHold[], totalNs: number): Finding {
    const { site, untilSite, row } = holds[0]!;
    const worst = holds.reduce((a, b) => (b.ns > a.ns ? b : a));
    const words: SentencePart[] = [
      { task: worst.row, text: this.#trace.nameOf(row) },
      ` held the thread ${holds.length} times, for ${duration(totalNs)} in all, between `,
      sitePart(this.#trace, site),
      ...(untilSite < 0 ? [' and its end'] : [' and its next wait at ', sitePart(this.#trace, untilSite)]),
      ...this.#seenIn(holds),
      '. A worker thread can do it, or smaller pieces with a setImmediate between them. ',
      `The longest took ${duration(worst.ns)}.`,
    ];
    return {
      rule,
      severity: 'warning',
      words,
      sites: [site, untilSite, ...holds.map(({ culprit }) => culprit?.site ?? -1)]
        .filter((known, i, all) => known >= 0 && all.indexOf(known) === i)
        .slice(0, MAX_SITES),
      tasks: [...new Set(holds.map((hold) => hold.row))].slice(0, MAX_TASKS),
      t: worst.t,
      sinceNs: worst.sinceNs,
      gainNs: totalNs,
    };
  }

  /** In those that were looked into. */
  #seenIn(holds: readonly RepeatedHold[]): SentencePart[] {
    const { culprit } = holds.find((hold) => hold.culprit !== null) ?? {};
    if (!culprit) return [];
    const { fn, callee, site } = culprit;
    const what = callee === '' ? (fn === '' ? '' : `\`${fn}\` at `) : `${callee} at `;
    return [', where ', what, sitePart(this.#trace, site), ' was seen at work'].filter((part) => part !== '');
  }
}
