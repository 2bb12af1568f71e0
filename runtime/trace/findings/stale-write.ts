/**
 * Two runs were under way at once, and the older one came last: its answer took the place of the
 * newer one's. A search shows what was asked before the last key was pressed. The agent saw both
 * assignments, and in which order the runs had begun.
 *
 * Refuted by runs that began together: which of them comes last was left open. And where a newer
 * answer came soon, nobody has seen the old one.
 */
import { FACT } from '../format/kinds.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import { plain } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { overtakenSaves } from './overtaken-saves.ts';

export const staleWrite: Rule = {
  name: 'stale-write',
  description: 'The answer of an older run took the place of a newer one.',
  start: (trace): RuleRun => ({
    findings: () => [
      ...overtakenSaves(trace).map((finding) => ({ ...finding, rule: staleWrite.name })),
      ...findingsOf(trace),
    ],
  }),
};

const MIN_APART_NS = 5e6;
const MIN_STALE_NS = 100e6;
const MAX_FINDINGS = 10;
const MAX_NAMES = 3;
/** Behind the name: what was set is no answer. */
const GIVEN = '|given';

interface Stale {
  readonly fact: Fact;
  readonly newer: Fact;
  untilNs: number;
  isOver: boolean;
}

function findingsOf(trace: Trace): Finding[] {
  const bySite = new Map<string, Stale[]>();
  let newer: Fact | null = null;
  for (const fact of trace.facts) {
    if (fact.what === FACT['stale-newer']) newer = fact;
    const stales = bySite.get(placeOf(fact));
    if (fact.what === FACT['stale-over']) {
      for (const stale of stales ?? []) if (!stale.isOver) endStale(stale, fact.t);
    }
    if (fact.what !== FACT['stale-write'] || newer === null || placeOf(newer) !== placeOf(fact)) continue;
    // Of several in a row the last one stays.
    const stale: Stale = { fact, newer, untilNs: trace.endNs, isOver: false };
    for (const before of stales ?? []) if (!before.isOver) endStale(before, fact.t);
    if (stales === undefined) bySite.set(placeOf(fact), [stale]);
    else stales.push(stale);
  }
  // What one function sets of one answer is one thing to say.
  const byRuns = new Map<string, Seen[]>();
  for (const stales of bySite.values()) {
    const seen = seenOf(trace, stales);
    if (seen === null) continue;
    const key = `${seen.longest.fact.task} ${seen.longest.newer.task}`;
    const known = byRuns.get(key);
    if (known === undefined) byRuns.set(key, [seen]);
    else known.push(seen);
  }
  return [...byRuns.values()].slice(0, MAX_FINDINGS).map((seen) => findingOf(trace, seen));
}

const placeOf = ({ process, site }: Fact): string => `${process} ${site}`;

function endStale(stale: Stale, t: number): void {
  stale.isOver = true;
  stale.untilNs = t;
}

/** Of one place. */
interface Seen {
  readonly longest: Stale;
  /** How often it happened besides. */
  readonly others: number;
}

/** Null: nobody can have seen one of them. */
function seenOf(trace: Trace, all: readonly Stale[]): Seen | null {
  const { beganNs, process } = trace.tasks;
  const seen = all.filter(({ fact, newer, untilNs, isOver }) => {
    if (fact.task < 0 || newer.task < 0) return false;
    const apartNs = beganNs[newer.task]! - beganNs[fact.task]!;
    return apartNs >= MIN_APART_NS && (!isOver || untilNs - fact.t >= MIN_STALE_NS);
  });
  if (seen.length === 0 || trace.losses.hasAny(process[seen[0]!.fact.task]!)) return null;
  const longest = seen.reduce((a, b) => (b.untilNs - b.fact.t > a.untilNs - a.fact.t ? b : a));
  return { longest, others: seen.length - 1 };
}

/** @param all of the same two runs, at least one */
function findingOf(trace: Trace, all: readonly Seen[]): Finding {
  const [{ longest, others }] = all as [Seen, ...Seen[]];
  const { fact, newer, untilNs, isOver } = longest;
  const { beganNs } = trace.tasks;
  const [first, second] = [taskPart(trace, fact.task), taskPart(trace, newer.task)];
  // Runs that are a part of others have no number.
  const isSameName = plain([first]) === plain([second]);
  const isGiven = fact.text.endsWith(GIVEN);
  const texts = all.map(({ longest: { fact: each } }) => `\`${each.text.replace(GIVEN, '')}\``);
  const names = [...new Set(texts)].slice(0, MAX_NAMES);
  const isCall = fact.text.endsWith('()');
  const what = isGiven ? 'value' : 'answer';
  return {
    rule: staleWrite.name,
    severity: 'warning',
    words: [
      `${names.join(' and ')} ${names.length === 1 ? 'was' : 'were'} ${isCall ? 'called' : 'set'} at `,
      sitePart(trace, fact.site),
      isGiven ? ' by ' : isCall ? ' with the answer of ' : ' from the answer of ',
      first,
      isGiven ? ' after ' : ' after that of ',
      ...(isSameName ? ['another run'] : [second]),
      `, which had begun ${duration(beganNs[newer.task]! - beganNs[fact.task]!)} later: the older ${what} `,
      isOver ? `stood there for ${duration(untilNs - fact.t)}` : 'was left there to the end',
      others > 0 ? ` (and so ${count(others, 'other time')})` : '',
      isGiven
        ? '. Let one run begin when the last has ended, with the newest value, or give each a version and drop the older one.'
        : '. Drop an answer that is not the last one asked for, or abort the older request.',
    ],
    sites: [...new Set(all.map((each) => each.longest.fact.site))],
    tasks: [fact.task, newer.task].map((task) => trace.rowOf(task)),
    t: fact.t,
    sinceNs: fact.t,
    isWrong: true,
    events: [fact.event, newer.event],
  };
}
