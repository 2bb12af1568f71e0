/**
 * Requests waited for a free socket of an agent, since others had them all. It is a warning where
 * those were of another sort: requests of other lines, which kept their sockets several times as
 * long as the ones that waited needed theirs (a long poll, a download, a stream of events). Where
 * all are alike, the number of sockets is a limit that somebody chose: that is information.
 *
 * Refuted by a server that would have answered no sooner: then the requests wait there instead.
 */
import { processKnownUntil } from '../model/known-until.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import { type ConnectionUse, ConnectionUses, type RequestPlace } from './connection-uses.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const connectionPoolFull: Rule = {
  name: 'connection-pool-full',
  description: "Requests waited for a free socket of an agent, and others' requests had them all.",
  start: (trace) => new ConnectionPoolFull(trace),
};

/** For how long somebody waited for a socket, and its share of the process's time. */
const MIN_LINE_NS = 100e6;
const MIN_SHARE = 0.1;
/** The same where all are alike; and how many waited on average, while anybody did. */
const MIN_SHARE_OF_ALIKE = 0.2;
const MIN_IN_LINE = 1.5;
const MIN_WAITS = 5;
/** Of the time for which others waited, those of one place had so much of the sockets. */
const MIN_CHARGED = 0.5;
/** How many times as long they keep a socket. */
const MIN_TIMES_LONGER = 3;

class ConnectionPoolFull extends ConnectionUses implements RuleRun {
  findings(): Finding[] {
    return [...this.uses()].flatMap(([resource, use]) => findingOf(this.trace, resource, use) ?? []);
  }
}

/** Null: nobody waited, or not for long. */
function findingOf(trace: Trace, resource: number, use: ConnectionUse): Finding | null {
  const { lineNs } = use;
  const process = trace.processes[trace.resources[resource]!.process]!;
  const livedNs = processKnownUntil(trace, process).untilNs - process.startNs;
  if (lineNs < MIN_LINE_NS || lineNs < MIN_SHARE * livedNs) return null;
  const places = [...use.places];
  const holder = places.reduce((a, b) => (b.chargedNs > a.chargedNs ? b : a));
  const chargedNs = places.reduce((sum, place) => sum + place.chargedNs, 0);
  const late = places
    .filter((place) => place !== holder && place.longest.ns >= MIN_LINE_NS && isOther(place, holder))
    .sort((a, b) => b.longest.ns - a.longest.ns);
  return late.length > 0 && holder.chargedNs >= MIN_CHARGED * chargedNs
    ? findingOfOthers(trace, resource, use, holder, late)
    : findingOfAlike(trace, resource, use, places, livedNs);
}

/** Those at a place that waited for much longer than they needed the socket, behind longer ones. */
function isOther(place: RequestPlace, holder: RequestPlace): boolean {
  const needsNs = meanHoldNs(place);
  // Who has not given back yet had it for as long as others waited, at least.
  const keepsNs = Math.max(meanHoldNs(holder), place.longest.ns);
  return (
    place.holds > 0 && keepsNs >= MIN_TIMES_LONGER * needsNs && place.longest.ns >= MIN_TIMES_LONGER * needsNs
  );
}

const meanHoldNs = ({ holds, holdNs }: RequestPlace): number => (holds === 0 ? 0 : holdNs / holds);

function findingOfOthers(
  trace: Trace,
  resource: number,
  { firstNs }: ConnectionUse,
  holder: RequestPlace,
  late: readonly RequestPlace[],
): Finding {
  const [first] = late as readonly [RequestPlace];
  const { longest, waits } = first;
  // A function that all call tells nothing: their own lines do.
  const isSame = first.site === holder.site;
  const siteOf = ({ site, calledAt }: RequestPlace): number => (isSame && calledAt >= 0 ? calledAt : site);
  const words: SentencePart[] = [
    waits > 1 ? `${count(waits, 'request')}` : 'A request',
    ...ofPlace(trace, first.row, siteOf(first)),
    ` waited ${waits > 1 ? 'up to ' : ''}${duration(longest.ns)} for a free socket of `,
    ...describeAgent(trace, resource),
    holder.holds === 1 ? ', which a request' : ', which requests',
    ...ofPlace(trace, holder.row, siteOf(holder)),
    ' held',
  ];
  if (holder.holds > 0) words.push(` for ${duration(meanHoldNs(holder))}${holder.holds > 1 ? ' each' : ''}`);
  words.push(
    `. Once it had one, such a request took ${duration(meanHoldNs(first))}`,
    '. Give the long ones an agent of their own, or let this one have more sockets.',
  );
  const site = trace.resources[resource]!.site;
  return {
    rule: connectionPoolFull.name,
    severity: 'warning',
    words,
    sites: [...new Set([siteOf(first), site, siteOf(holder), first.site])].filter((known) => known >= 0),
    tasks: longest.row < 0 ? [] : [longest.row],
    t: longest.untilNs,
    sinceNs: firstNs,
    ...(first.event === null ? {} : { events: [first.event] }),
  };
}

/** Null: they did not stand in line for much of the time. */
function findingOfAlike(
  trace: Trace,
  resource: number,
  { lineNs, queueNs, firstNs }: ConnectionUse,
  places: readonly RequestPlace[],
  livedNs: number,
): Finding | null {
  const waits = places.reduce((sum, place) => sum + place.waits, 0);
  const meanInLine = queueNs / lineNs;
  if (waits < MIN_WAITS || meanInLine < MIN_IN_LINE || lineNs < MIN_SHARE_OF_ALIKE * livedNs) return null;
  const most = places.reduce((a, b) => (b.waitNs > a.waitNs ? b : a));
  const { longest, event } = most;
  const sockets = trace.resources[resource]!.capacity ?? 1;
  return {
    rule: connectionPoolFull.name,
    severity: 'info',
    words: [
      count(waits, 'request'),
      ...ofPlace(trace, most.row, most.site),
      ' waited for a free socket of ',
      ...describeAgent(trace, resource),
      `, ${meanInLine.toFixed(1)} at once on average, for ${duration(lineNs)} of the ` +
        `${duration(livedNs)} of the run. Each had its socket for ${duration(meanHoldNs(most))} on average.`,
    ],
    sites: [...new Set([most.site, trace.resources[resource]!.site])].filter((known) => known >= 0),
    tasks: longest.row < 0 ? [] : [longest.row],
    t: longest.untilNs,
    sinceNs: firstNs,
    // All that were there at once would go on beside each other.
    gainNs: lineNs * (1 - sockets / (meanInLine + sockets)),
    ...(event === null ? {} : { events: [event] }),
  };
}

/** " of showProfile (chat.mjs:40)" */
function ofPlace(trace: Trace, row: number, site: number): Sentence {
  const place: Sentence = site < 0 ? [] : [sitePart(trace, site)];
  if (row < 0) return place.length === 0 ? [] : [' at ', ...place];
  const task = { ...(taskPart(trace, row) as { task: number; text: string }), text: trace.nameOf(row) };
  return place.length === 0 ? [' of ', task] : [' of ', task, ' (', ...place, ')'];
}

/** "`agent` (chat.mjs:17, 2 sockets)" */
function describeAgent(trace: Trace, resource: number): Sentence {
  const { site, capacity } = trace.resources[resource]!;
  const sockets = capacity === null ? '' : count(capacity, 'socket');
  const place: Sentence = site < 0 ? [sockets] : [sitePart(trace, site), `, ${sockets}`];
  return ['`', resourcePart(trace, resource), '` (', ...place, ')'];
}
