/**
 * Tasks wait for a connection, and answers have them all that came and were never read to their
 * end: a client gives the connection of an answer back when its body has been read or dropped. The
 * agent looked while nothing happened.
 *
 * An answer that somebody still reads (a stream of events) is none: the task that asked for it goes
 * on. Refuted by a reader that comes later: then the connection is given back. Where it is given
 * back and the waits had lasted for seconds, the server has closed what nobody used: the next
 * answers have the new connections, and so on.
 */
import type { ResourceUse } from '../fold/observer.ts';
import { PROCESS_END, USE } from '../format/kinds.ts';
import { nowOf } from '../model/known-until.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
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
  /** By resource, of the first time that connections came free again. */
  readonly #earlier = new Map<number, Finding>();

  override resourceUsed(used: ResourceUse): void {
    const { resource, useKind } = used;
    if (useKind === USE['gave-back'] && !this.#earlier.has(resource)) {
      const found = this.#findingOf(resource, true);
      if (found !== null) this.#earlier.set(resource, found);
    }
    super.resourceUsed(used);
  }

  findings(): Finding[] {
    return [...this.uses()].flatMap(
      ([resource]) => this.#findingOf(resource, false) ?? this.#stillOf(resource) ?? [],
    );
  }

  #findingOf(resource: number, isPast: boolean): Finding | null {
    for (const [each, use] of this.uses())
      if (each === resource) return findingOf(this.trace, resource, use, isPast);
    return null;
  }

  /** What was seen earlier; it explains the end, too, where the same line waits then. */
  #stillOf(resource: number): Finding | undefined {
    const earlier = this.#earlier.get(resource);
    if (earlier === undefined) return undefined;
    const { sites } = earlier;
    const process = this.trace.processes[this.trace.resources[resource]!.process]!;
    const isAtEnd = interruptOf(this.trace, process) !== null || process.endKind === PROCESS_END.exit;
    if (!isAtEnd || !openWaits(this.trace).some(({ site }) => sites.includes(site))) return earlier;
    return { ...earlier, severity: 'error', explainsEnd: true };
  }

  override recordsLost(): void {
    super.recordsLost();
    this.#earlier.clear();
  }
}

/** Null: a connection is free or will be, or nobody waits for one. */
function findingOf(trace: Trace, resource: number, use: ConnectionUse, isPast: boolean): Finding | null {
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
    isOver || explainsEnd || isPast ? ' waited' : ' waits',
    ...describeWaitSite(trace, wait),
    ...(isPast ? [` for ${duration(nowOf(trace, wait.row) - wait.startNs)}`] : []),
    ' for a free connection',
    ...(named < 0 ? [] : [' of ', resourcePart(trace, named)]),
    `: ${count(holding.length, 'answer')} whose body nobody read ${isPast ? 'meanwhile' : 'to the end'} ` +
      keeps(holding.length, isPast),
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

function keeps(answers: number, isPast: boolean): string {
  if (answers === 1) return isPast ? 'kept the only one' : 'keeps the only one';
  return isPast ? 'kept them all' : 'keep them all';
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
