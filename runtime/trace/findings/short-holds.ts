/**
 * Part of the rule `blocked-event-loop`: calls in Python that are short, and of which one line
 * makes so many right after each other that an event loop is held all the same. Each told itself.
 */
import { ACTIVATION_KIND, HOLD, LANGUAGE, numberSet } from '../format/kinds.ts';
import type { Hold } from '../model/holds.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import type { Finding } from './finding.ts';
import { lineKey } from './held-by.ts';

const MIN_STRETCH_NS = 100e6;
const MIN_TOTAL_NS = 70e6;
/** So much of a stretch is held by the calls. */
const MIN_SHARE = 0.6;
const MIN_CALLS = 3;
const MIN_ERROR_NS = 1e9;
const MAX_TASKS = 50;
const BODY_KINDS = numberSet(ACTIVATION_KIND, 'main', 'module', 'thread', 'process', 'chunk');

/** Calls of one line with little between them. */
interface Stretch {
  readonly calls: Hold[];
  heldNs: number;
}

/** Beside the long holds of a line its short ones are told if they are so many times as much. */
const MIN_MORE = 1.2;

/**
 * @param long the rule's findings of long holds
 * @returns them, and those of short holds; of one line the one that tells of more
 */
export function withShortHolds(trace: Trace, rule: string, long: readonly Finding[]): readonly Finding[] {
  const longOf = new Map(long.map((finding) => [lineKey(trace, finding.sites[0] ?? -1), finding]));
  const short = shortHolds(trace, rule).filter((finding) => {
    const known = longOf.get(lineKey(trace, finding.sites[0]!));
    return known === undefined || finding.gainNs! > (known.gainNs ?? 0) * MIN_MORE;
  });
  const lines = new Set(short.map(({ sites }) => lineKey(trace, sites[0]!)));
  const kept = long.filter(
    ({ sites, gainNs }) => gainNs === undefined || !lines.has(lineKey(trace, sites[0] ?? -1)),
  );
  return [...kept, ...short];
}

function shortHolds(trace: Trace, rule: string): Finding[] {
  const byLine = new Map<string, Hold[]>();
  for (const hold of trace.holds) {
    if (hold.kind !== HOLD.call || hold.site < 0 || hold.task < 0 || hold.callee === '') continue;
    const process = trace.processes[trace.tasks.process[hold.task]!];
    if (process?.language !== LANGUAGE.python || BODY_KINDS.has(trace.tasks.kind[hold.task]!)) continue;
    const key = `${hold.lane} ${lineKey(trace, hold.site)} ${hold.callee}`;
    const calls = byLine.get(key);
    if (calls === undefined) byLine.set(key, [hold]);
    else calls.push(hold);
  }
  return [...byLine.values()].flatMap((calls) => findingOf(trace, rule, calls) ?? []);
}

/** An SSL context. */
const CONTEXT = /^ssl\.|^SSLContext\./;

/** It is made as it should be. @param times that it was made at one line */
export const isMadeOnce = (callee: string, times: number): boolean =>
  CONTEXT.test(callee) && times < MIN_CALLS;

/** What a program in Python would do instead. @param times that one line did it */
export function pythonMendOf(callee: string, times: number): string {
  if (callee === 'time.sleep') return '`await asyncio.sleep()` leaves the event loop free.';
  if (CONTEXT.test(callee) && !isMadeOnce(callee, times))
    return 'Make the client, or its SSL context, once and use it for all: that reads all certificates.';
  return '`asyncio.to_thread` leaves the event loop free.';
}

/** Cut where too much time lies between: then the loop has had its turns. */
function stretchesOf(calls: readonly Hold[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const call of [...calls].sort((a, b) => a.sinceNs - b.sinceNs)) {
    const last = stretches.at(-1);
    const heldNs = (last?.heldNs ?? 0) + call.ns;
    if (last !== undefined && heldNs >= (call.untilNs - last.calls[0]!.sinceNs) * MIN_SHARE) {
      last.calls.push(call);
      last.heldNs = heldNs;
    } else stretches.push({ calls: [call], heldNs: call.ns });
  }
  return stretches.filter(
    (stretch) =>
      stretch.calls.length >= MIN_CALLS &&
      stretch.heldNs >= MIN_TOTAL_NS &&
      lengthOf(stretch) >= MIN_STRETCH_NS,
  );
}

const lengthOf = ({ calls }: Stretch): number => calls.at(-1)!.untilNs - calls[0]!.sinceNs;

function findingOf(trace: Trace, rule: string, all: readonly Hold[]): Finding | null {
  const stretches = stretchesOf(all).filter((stretch) => isShared(trace, stretch));
  if (stretches.length === 0) return null;
  const calls = stretches.flatMap((stretch) => stretch.calls);
  const totalNs = calls.reduce((sum, { ns }) => sum + ns, 0);
  const longest = stretches.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a));
  const [{ site, callee, task }] = calls as [Hold, ...Hold[]];
  const fn = trace.sites[site]?.fn ?? '';
  return {
    rule,
    severity: totalNs > MIN_ERROR_NS ? 'error' : 'warning',
    words: [
      fn === '' || fn.startsWith('<') ? taskPart(trace, trace.rowOf(task)) : `\`${fn}\``,
      ` held the thread ${count(calls.length, 'time')}, for ${duration(totalNs)} in all, in ${callee} at `,
      sitePart(trace, site),
      `, ${longest.calls.length === calls.length ? 'one right after the other' : `up to ${duration(lengthOf(longest))} on end`}. `,
      pythonMendOf(callee, calls.length),
    ],
    sites: [site],
    tasks: [...new Set(calls.map((call) => trace.rowOf(call.task)))].slice(0, MAX_TASKS),
    t: longest.calls.at(-1)!.untilNs,
    sinceNs: longest.calls[0]!.sinceNs,
    gainNs: totalNs,
  };
}

/** Another task lived meanwhile, that the loop could have run. */
function isShared({ tasks }: Trace, { calls }: Stretch): boolean {
  const [first] = calls as [Hold, ...Hold[]];
  if (calls.some(({ task }) => task !== first.task)) return true;
  const process = tasks.process[first.task]!;
  const untilNs = calls.at(-1)!.untilNs;
  for (let row = 0; row < tasks.count; row++) {
    if (tasks.process[row] !== process || row === first.task || BODY_KINDS.has(tasks.kind[row]!)) continue;
    const endNs = tasks.endedNs[row]! || Infinity;
    // Who waits for this very task would not have run.
    if (tasks.parent[first.task] !== row && tasks.beganNs[row]! < untilNs && endNs > first.sinceNs)
      return true;
  }
  return false;
}
