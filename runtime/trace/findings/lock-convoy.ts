/**
 * A lock convoy: tasks stand in line at a place that lets one through at a time, whatever the
 * program made it of (turns.ts). A lock whose holder is recorded is lock-contention's.
 *
 * Refuted by what nobody sees: that the order is what the program wants. Where several have their
 * turn at once (a pool, a limiter) it is information: their number was chosen.
 */
import { SITE_ROLE } from '../format/kinds.ts';
import { processKnownUntil } from '../model/known-until.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { awaitedText, resourcePart, sitePart } from '../words/parts.ts';
import type { SentencePart, Sentence } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { type Place, Turns, type WaitedAt } from './turns.ts';

export const lockConvoy: Rule = {
  name: 'lock-convoy',
  description: 'Tasks stood in line at a place that lets one through at a time.',
  start: (trace) => new LockConvoy(trace),
};

const MAX_FINDINGS = 10;
const MIN_WAITS = 5;
/** How many of the waits at the place one task ended for the next. */
const MIN_HANDED_ON = 0.6;
/** For how long somebody stood in line, and its share of the process's time. */
const MIN_LINE_NS = 100e6;
const MIN_SHARE = 0.2;
/** How many stood in line on average, while anybody did. */
const MIN_IN_LINE = 1.5;
/** How much of that time somebody else had its turn: else it is not what they waited for. */
const MIN_COVERED = 0.8;
/** With more than so many turns at once, on average, it is no lock. */
const MAX_TURNS_OF_LOCK = 1.2;
/** The place where a turn waited for so much of it is named. */
const MIN_NAMED_SHARE = 0.4;

class LockConvoy extends Turns implements RuleRun {
  readonly #trace: Trace;

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
  }

  findings(): Finding[] {
    return [...this.places()]
      .flatMap((place) => findingOf(this.#trace, place) ?? [])
      .sort((a, b) => b.gainNs! - a.gainNs!)
      .slice(0, MAX_FINDINGS);
  }
}

/** Null: they did not stand in line, or not for long. */
function findingOf(trace: Trace, place: Place): Finding | null {
  const { inLine, inLineNs, turnNs, waits, longest, site, resource, firstNs, lastNs } = place;
  if (inLine < MIN_WAITS || inLine < MIN_HANDED_ON * waits) return null;
  const lineNs = place.lineTime.totalNs;
  const turnTimeNs = place.turnTime.totalNs;
  const coveredNs = lineNs + turnTimeNs - place.eitherTime.totalNs;
  const process = trace.processes[trace.tasks.process[longest.row]!]!;
  const livedNs = processKnownUntil(trace, process).untilNs - process.startNs;
  if (lineNs < MIN_LINE_NS || lineNs < MIN_SHARE * livedNs || coveredNs < MIN_COVERED * lineNs) return null;
  const meanInLine = inLineNs / lineNs;
  if (meanInLine < MIN_IN_LINE) return null;
  const turnsAtOnce = turnNs / turnTimeNs;
  const isLock = turnsAtOnce <= MAX_TURNS_OF_LOCK;
  const [busiest, busiestNs, inner] = longestOf(place.waitedAt);
  const isNamed = busiestNs >= MIN_NAMED_SHARE * turnNs;
  const words: SentencePart[] = [
    ...describePlace(trace, place),
    isLock ? ' let one through at a time, and ' : ` let ${turnsAtOnce.toFixed(1)} through at once, and `,
    `${count(inLine, 'call')} stood in line there, ${meanInLine.toFixed(1)} at once on average, ` +
      `for ${duration(lineNs)} of the ${duration(livedNs)} of the run. ` +
      `A turn took ${duration(turnNs / inLine)} on average`,
    ...(isNamed ? [', most of it waiting for ', ...describeSite(trace, busiest)] : []),
    ...(isNamed && inner !== busiest ? [', there for ', ...describeSite(trace, inner)] : []),
    isLock
      ? '. What need not be alone can stand outside, or go on beside the others.'
      : '. More at once, or less to do in a turn, would make the line shorter.',
  ];
  const origin = resource < 0 ? -1 : trace.resources[resource]!.site;
  return {
    rule: lockConvoy.name,
    severity: isLock ? 'warning' : 'info',
    words,
    sites: [...new Set([site, ...(isNamed ? [busiest] : []), origin])].filter((known) => known >= 0),
    tasks: [longest.row],
    t: lastNs,
    sinceNs: firstNs,
    // All that were there at once would go on beside each other.
    gainNs: lineNs * (1 - turnsAtOnce / (meanInLine + turnsAtOnce)),
  };
}

/** "`await before` (a.ts:11)", "`mutex` (asked at e.mjs:6)", "`serial` (called at b.mjs:13)" */
function describePlace(trace: Trace, { resource, giver, site }: Place): Sentence {
  const place = sitePart(trace, site);
  if (resource >= 0) return ['`', resourcePart(trace, resource), '` (asked at ', place, ')'];
  if (giver !== '') return [`\`${giver.replace(/ callback$/, '')}\` (called at `, place, ')'];
  const { text, role } = trace.sites[site]!;
  if (text === '') return ['The wait at ', place];
  return [role === SITE_ROLE.await ? `\`await ${text}\` (` : `\`${text}\` (`, place, ')'];
}

/** "`sleep(25)` (service.ts:23)" */
function describeSite(trace: Trace, site: number): Sentence {
  const text = awaitedText(trace, site);
  return text === '' ? [sitePart(trace, site)] : [`${text} (`, sitePart(trace, site), ')'];
}

/** The site where they waited longest during their turn, and the innermost one below it. */
function longestOf(
  waitedAt: ReadonlyMap<number, WaitedAt>,
): readonly [site: number, ns: number, inner: number] {
  let longest: readonly [number, number, number] = [-1, 0, -1];
  for (const [site, { ns, within }] of waitedAt)
    if (ns > longest[1]) longest = [site, ns, [...within].reduce((a, b) => (b[1] > a[1] ? b : a))[0]];
  return longest;
}
