/**
 * A process of Python's was killed, or ended, while it had a lock that it shares with others: such
 * a lock knows no owner, and nobody gives it back. Others wait for it ever since. Part of the rule
 * not-released.
 */
import { FACT, numberSet, PROCESS_END, REASON } from '../format/kinds.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Process, Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { resourcePart, sitePart, taskList, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding } from './finding.ts';
import type { Passage, ResourceHolders } from './resource-holders.ts';
import { signalName } from './signal-name.ts';
import type { LongWait } from './waits-to-the-end.ts';

const MIN_WAIT_NS = 1e9;
const ENDED = numberSet(PROCESS_END, 'exit', 'uncaught', 'called', 'fork-exit', 'signal');
const MAX_TASKS = 20;

/** @param waits those that went on to the end, in all processes. @param rule who says so */
export function lostSharedLocks(
  trace: Trace,
  known: ResourceHolders,
  waits: readonly LongWait[],
  rule: string,
): Finding[] {
  const locks = trace.facts.filter(({ what, amount }) => what === FACT['shared-lock'] && amount >= 0);
  if (locks.length === 0) return [];
  const tokens = new Map(locks.map(({ amount, text }) => [amount, text]));
  return locks.flatMap(({ amount: resource, text: token, process: index }) => {
    const process = trace.processes[index]!;
    const [holder] = known.ownersOf(resource);
    const { endNs } = process;
    if (holder === undefined || endNs === null || !ENDED.has(process.endKind)) return [];
    const waiting = waits.filter(
      ({ row, reason, target, startNs, forNs }) =>
        reason === REASON.lock &&
        trace.tasks.process[row] !== index &&
        tokens.get(resourceOfTarget(target)) === token &&
        startNs + forNs - Math.max(startNs, endNs) >= MIN_WAIT_NS,
    );
    return waiting.length === 0 ? [] : [findingOf(trace, { resource, process, holder, waiting, rule })];
  });
}

interface Lost {
  readonly resource: number;
  readonly process: Process;
  readonly holder: Passage;
  readonly waiting: readonly LongWait[];
  readonly rule: string;
}

function findingOf(trace: Trace, { resource, process, holder, waiting, rule }: Lost): Finding {
  const row = trace.rowOf(holder.task);
  const lock = resourcePart(trace, resource);
  const kill = trace.facts.find(({ what, amount }) => what === FACT['killed-by'] && amount === process.pid);
  const isKilled = process.endKind === PROCESS_END.signal;
  const words: SentencePart[] = [taskPart(trace, row)];
  words.push(isKilled ? ` was killed by ${signalName(process.signal ?? 0)}` : ' ended');
  if (isKilled && kill !== undefined && kill.site >= 0) {
    words.push(' at ', sitePart(trace, kill.site));
    if (kill.task >= 0) words.push(inFunction(trace, trace.rowOf(kill.task), kill.site));
  }
  words.push(' while it had ', lock);
  if (holder.site >= 0)
    words.push(' (', sitePart(trace, holder.site), inFunction(trace, row, holder.site), ')');
  const rows = [...new Set(waiting.map((wait) => wait.row))];
  const site = waiting[0]!.site;
  words.push(
    ', which nobody else gives back: ',
    ...(rows.length > 4 ? [count(rows.length, 'task')] : taskList(trace, rows)),
    rows.length > 1 ? ' wait for it' : ' waits for it',
    ...(site < 0 ? [] : [' at ', sitePart(trace, site)]),
    '. ',
    isKilled
      ? 'Ask the process to end, by an Event, and kill it only where it can have no lock.'
      : 'Give it back in a `finally`, or take it by `with`.',
  );
  return {
    rule,
    severity: 'error',
    words,
    sites: [...new Set([kill?.site ?? -1, holder.site, site])].filter((known) => known >= 0),
    tasks: [row, ...rows].slice(0, MAX_TASKS),
    t: process.endNs!,
    sinceNs: holder.t,
    explainsEnd: true,
  };
}
