/**
 * Tasks wait for a connection, and answers have them all that came and were never read to their
 * end: a client gives the connection of an answer back when its body has been read or dropped. The
 * agent looked while nothing happened.
 *
 * An answer that somebody still reads (a stream of events) is none: the task that asked for it goes
 * on. Refuted by a reader that comes later: then the connection is given back.
 */
import { PROCESS_END } from '../format/kinds.ts';
import { nowOf } from '../model/known-until.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import { describeWaitSite } from '../words/wait.ts';
import { type ConnectionUse, ConnectionUses, type OpenRequest } from './connection-uses.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { lineKey } from './held-by.ts';
import { interruptOf } from './interrupt.ts';
import { isAsked } from './resource-holders.ts';

export const unreadResponse: Rule = {
  name: 'unread-response',
  description: 'Answers that nobody read to their end kept the connections that others waited for.',
  start: (trace) => new UnreadResponse(trace),
};

const MIN_WAIT_NS = 1e9;
const MAX_NAMED = 2;

class UnreadResponse extends ConnectionUses implements RuleRun {
  findings(): Finding[] {
    return [...this.uses()].flatMap(([resource, use]) => findingOf(this.trace, resource, use) ?? []);
  }
}

/** Null: a connection is free or will be, or nobody waits for one. */
function findingOf(trace: Trace, resource: number, use: ConnectionUse): Finding | null {
  const { holding } = use;
  const { capacity, process: index } = trace.resources[resource]!;
  if (holding.length === 0 || holding.length < (capacity ?? 0)) return null;
  if (holding.some(({ isUnread }) => !isUnread)) return null;
  const process = trace.processes[index]!;
  const waits = openWaits(trace).filter((wait) => isForConnection(trace, wait, resource, use));
  const [wait] = waits;
  const isOver = process.endNs !== null;
  if (wait === undefined || (!isOver && nowOf(trace, wait.row) - wait.startNs < MIN_WAIT_NS)) return null;
  const rows = new Set(waits.map(({ row }) => row));
  if (holding.some((request) => isStillAt(trace, request, rows))) return null;
  const explainsEnd = interruptOf(trace, process) !== null || process.endKind === PROCESS_END.exit;
  const asked = resourceOfTarget(wait.target);
  const named = isAsked(trace, asked) ? asked : trace.resources[resource]!.site >= 0 ? resource : -1;
  const words: SentencePart[] = [
    taskPart(trace, wait.row),
    isOver || explainsEnd ? ' waited' : ' waits',
    ...describeWaitSite(trace, wait),
    ' for a free connection',
    ...(named < 0 ? [] : [' of ', resourcePart(trace, named)]),
    `: ${count(holding.length, 'answer')} whose body nobody read to the end ` +
      (holding.length === 1 ? 'keeps the only one' : 'keep them all'),
    ...describeAskers(trace, holding),
    '. Read each body or drop it: `body.dump()`, `response.resume()`, `response.body.cancel()`.',
  ];
  const sites = holding.flatMap(({ by, site }) => [by < 0 ? -1 : trace.tasks.endSite[by]!, site]);
  return {
    rule: unreadResponse.name,
    severity: explainsEnd ? 'error' : 'warning',
    words,
    sites: [...new Set([...sites, wait.site])].filter((site) => site >= 0),
    tasks: [...rows],
    t: process.endNs ?? trace.endNs,
    sinceNs: wait.startNs,
    ...(explainsEnd ? { explainsEnd } : {}),
  };
}

/** What the wait is for was asked of the same client as the answers, and has no connection. */
function isForConnection(trace: Trace, wait: Wait, resource: number, use: ConnectionUse): boolean {
  const { tasks } = trace;
  if (tasks.process[wait.row] !== trace.resources[resource]!.process) return false;
  const isIn = ({ by }: OpenRequest): boolean => by >= 0 && by === tasks.leaf[wait.row];
  if (use.queued.some((request) => request.by >= 0 && trace.rowOf(request.by) === wait.row)) return true;
  if (
    use.holding.some(isIn) &&
    use.holding.some((request) => isIn(request) && request.sinceNs >= wait.startNs)
  )
    return false;
  const line = lineKey(trace, wait.site);
  const asked = isAsked(trace, resourceOfTarget(wait.target)) ? wait.target : 0;
  return use.holding.some(
    ({ by, site }) =>
      (line !== '' && line === lineKey(trace, site)) ||
      (by >= 0 && by !== tasks.leaf[wait.row] && asked !== 0 && tasks.target[by] === asked),
  );
}

/** Whoever made the request goes on, and does not wait for a connection: it may yet read. */
function isStillAt(trace: Trace, { by }: OpenRequest, waiting: ReadonlySet<number>): boolean {
  return by >= 0 && trace.tasks.state[by] !== State.ended && !waiting.has(trace.rowOf(by));
}

/** ", asked for at a.mts:28 by getPrice, which ended at a.mts:29" */
function describeAskers(trace: Trace, holding: readonly OpenRequest[]): Sentence {
  const { state, endSite } = trace.tasks;
  const known = new Map<string, Sentence>();
  for (const { by, site } of holding) {
    const words: SentencePart[] = [];
    if (site >= 0) words.push(' at ', sitePart(trace, site));
    if (by >= 0) words.push(' by ', { task: by, text: trace.nameOf(by) });
    if (by >= 0 && state[by] === State.ended && endSite[by]! >= 0)
      words.push(', which ended at ', sitePart(trace, endSite[by]!));
    const key = `${site} ${by < 0 ? '' : endSite[by]}`;
    if (words.length > 0 && !known.has(key)) known.set(key, words);
  }
  const named = [...known.values()].sort((a, b) => b.length - a.length).slice(0, MAX_NAMED);
  return named.flatMap((words, i) => [i === 0 ? ', asked for' : ', and', ...words]);
}
