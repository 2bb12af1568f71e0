/**
 * Handlers: functions that are begun again and again from outside, as by requests, messages or
 * jobs. A server has no path from its begin to its end that tells anything: it waits for whoever
 * asks. What can be slow is one of its calls.
 *
 *   begun by nobody of the program     a handler
 *   begun by what had ended before     a handler: that registered it
 *   begun by a handler, as middleware  a handler, too
 *   a member of a group                none: its caller made so many, and waits for them
 */
import { ACTIVATION_KIND, numberSet } from '../format/kinds.ts';
import { taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';

const HANDLER_KINDS = numberSet(
  ACTIVATION_KIND,
  'async-function',
  'io-callback',
  'event-callback',
  'promise-callback',
  'coroutine',
);
/** They run once for each file of the program. */
const BODY_KINDS = numberSet(ACTIVATION_KIND, 'main', 'module');
const MIN_CALLS = 20;
/** What takes less at the median is none that anybody waits for. */
const MIN_MEDIAN_NS = 500e3;
const MAX_HANDLERS = 3;
const MAX_BODY_SHARE = 0.5;
/** Calls whose paths are looked at: so many beside the median, and of the slowest. */
const MAX_SAMPLES = 15;
const MAX_ANCESTORS = 16;

export interface Handler {
  readonly site: number;
  /** Calls that have ended. */
  readonly calls: number;
  readonly medianNs: number;
  /** The 99th percentile: one call in a hundred took longer. */
  readonly p99Ns: number;
  readonly longestNs: number;
  /** Rows that took about as long as the median, and those of the slowest hundredth. */
  readonly usual: readonly number[];
  readonly slowest: readonly number[];
}

/**
 * Those in whose calls most time passed.
 * @param minMedianNs of the calls of one that counts
 */
export function findHandlers(trace: Trace, minMedianNs = MIN_MEDIAN_NS): Handler[] {
  const { tasks } = trace;
  const members = new Set<number>();
  for (const { members: of } of trace.groups.values())
    for (const member of of) if (member > 0) members.add(taskOfTarget(member));
  const rowsBySite = new Map<number, number[]>();
  for (let row = 0; row < tasks.count; row++) {
    const site = tasks.site[row]!;
    if (site < 0 || tasks.frameOf[row]! >= 0 || !HANDLER_KINDS.has(tasks.kind[row]!)) continue;
    if (Number.isNaN(tasks.endedNs[row]!) || members.has(row) || !isBegunFromOutside(trace, row)) continue;
    const rows = rowsBySite.get(site);
    if (rows === undefined) rowsBySite.set(site, [row]);
    else rows.push(row);
  }
  // Each thread has sites of its own.
  const rowsByPlace = new Map<string, number[]>();
  for (const [site, rows] of rowsBySite) {
    const { process, file, line, column } = trace.sites[site]!;
    const place = `${process} ${line}:${column} ${file}`;
    rowsByPlace.set(place, (rowsByPlace.get(place) ?? []).concat(rows));
  }
  return [...rowsByPlace.values()]
    .filter((rows) => rows.length >= MIN_CALLS)
    .map((rows) => handlerOf(trace, rows))
    .filter(({ medianNs }) => medianNs >= minMedianNs)
    .sort((a, b) => b.medianNs * b.calls - a.medianNs * a.calls)
    .slice(0, MAX_HANDLERS);
}

/**
 * The program has long begun what it consists of, and since then its handlers are called: what it
 * waits for is not its own work.
 */
export function isServer(trace: Trace): boolean {
  const { tasks } = trace;
  for (let row = 0; row < tasks.count; row++) {
    if (!BODY_KINDS.has(tasks.kind[row]!) || tasks.frameOf[row]! >= 0) continue;
    const { startNs } = trace.processes[tasks.process[row]!]!;
    const endedNs = tasks.endedNs[row]!;
    if (!(endedNs - startNs <= MAX_BODY_SHARE * (trace.endNs - startNs))) return false;
  }
  return true;
}

function isBegunFromOutside({ tasks }: Trace, row: number): boolean {
  for (let at = row, i = 0; i < MAX_ANCESTORS; i++) {
    const parent = tasks.parent[at]!;
    if (parent < 0 || tasks.endedNs[parent]! <= tasks.beganNs[at]!) return true;
    if (BODY_KINDS.has(tasks.kind[parent]!)) return false;
    at = parent;
  }
  return false;
}

function handlerOf(trace: Trace, rows: number[]): Handler {
  const { beganNs, endedNs, site } = trace.tasks;
  const nsOf = (row: number): number => endedNs[row]! - beganNs[row]!;
  rows.sort((a, b) => nsOf(a) - nsOf(b) || a - b);
  const at = (share: number): number => Math.min(rows.length - 1, Math.floor(rows.length * share));
  const first = Math.max(0, at(0.5) - (MAX_SAMPLES >> 1));
  const slow = Math.max(at(0.99), rows.length - MAX_SAMPLES);
  return {
    site: site[rows[0]!]!,
    calls: rows.length,
    medianNs: nsOf(rows[at(0.5)]!),
    p99Ns: nsOf(rows[at(0.99)]!),
    longestNs: nsOf(rows.at(-1)!),
    usual: rows.slice(first, first + MAX_SAMPLES),
    slowest: rows.slice(slow),
  };
}
