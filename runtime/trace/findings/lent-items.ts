/**
 * A queue used as a pool: its items (connections, buffers, slots) were put in first, and each task
 * that takes one puts it back. One of them ended without that, so the pool is one item smaller, and
 * others wait. Who took and put is recorded. Said where nothing happens any more, nobody who lives
 * has an item, and items came back before; a queue of work, from which is only taken, is none.
 */
import type { LevelChange, ResourceUse } from '../fold/observer.ts';
import { KIND, LANGUAGE, numberSet, OUTCOME, REASON, RESOURCE_KIND, USE } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';
import { describeStandstill, type Standstill } from './standstill.ts';

const KINDS = numberSet(RESOURCE_KIND, 'queue', 'priority-queue', 'lifo-queue');
const MAX_QUEUES = 10_000;
const MAX_LENT = 1000;
const MAX_TASKS = 20;

interface Loan {
  readonly task: number;
  readonly t: number;
  /** The line that took it; −1: not recorded. */
  site: number;
}

interface Lender {
  readonly lent: Loan[];
  hasLent: boolean;
  returns: number;
  /** Somebody put in or took what fits no pool. */
  isNone: boolean;
}

/** Who has which items of the queues that are used as pools. */
export class LentItems {
  readonly #trace: Trace;
  readonly #lenders = new Map<number, Lender>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  levelChanged({ resource, t, by, kind }: LevelChange): void {
    if ((kind !== KIND.put && kind !== KIND.get) || !KINDS.has(this.#trace.resources[resource]?.kind ?? 0))
      return;
    let lender = this.#lenders.get(resource);
    if (lender === undefined) {
      if (this.#lenders.size >= MAX_QUEUES) return;
      this.#lenders.set(resource, (lender = { lent: [], hasLent: false, returns: 0, isNone: false }));
    }
    if (lender.isNone) return;
    const at = by < 0 ? -1 : this.#indexOf(lender, by);
    if (kind === KIND.put && at >= 0) {
      lender.lent.splice(at, 1);
      lender.returns++;
    } else if (kind === KIND.put) lender.isNone = lender.hasLent;
    else {
      lender.hasLent = true;
      // Who takes one after the other and gives none back uses them up.
      if (by < 0 || at >= 0 || lender.lent.length >= MAX_LENT) lender.isNone = true;
      else lender.lent.push({ task: by, t, site: -1 });
    }
    if (lender.isNone) lender.lent.length = 0;
  }

  resourceUsed({ useKind, resource, by, site }: ResourceUse): void {
    const lender = useKind === USE.got && by >= 0 ? this.#lenders.get(resource) : undefined;
    if (lender === undefined) return;
    const at = this.#indexOf(lender, by);
    if (at >= 0) lender.lent[at]!.site = site;
  }

  #indexOf({ lent }: Lender, by: number): number {
    const who = holderOf(this.#trace, by);
    return lent.findLastIndex(({ task }) => holderOf(this.#trace, task) === who);
  }

  /** Items that who has ended did not put back; empty: it is no pool, or all may come back. */
  lostOf(resource: number): readonly Loan[] {
    const lender = this.#lenders.get(resource);
    if (lender === undefined || lender.isNone || lender.returns === 0) return [];
    const { state, outcome } = this.#trace.tasks;
    const holders = lender.lent.map(({ task }) => holderOf(this.#trace, task));
    if (holders.some((task) => state[task] !== State.ended)) return [];
    // Of a queue of work some items are put in again, and most are not.
    const isPool = lender.returns >= holders.length || holders.every((task) => outcome[task] !== OUTCOME.ok);
    return isPool ? lender.lent : [];
  }
}

/**
 * Python tells the task itself. Of an async function that takes and another that puts back, it is
 * the row in which both are frames.
 */
const holderOf = (trace: Trace, task: number): number =>
  trace.processes[trace.tasks.process[task]!]!.language === LANGUAGE.python ? task : trace.rowOf(task);

/** @param stands by process. @param rule the name of the rule that says so */
export function lostItems(
  trace: Trace,
  items: LentItems,
  stands: readonly (Standstill | null)[],
  rule: string,
): Finding[] {
  const byQueue = new Map<number, Wait[]>();
  for (const wait of openWaits(trace)) {
    if (wait.reason !== REASON['queue-get']) continue;
    const queue = resourceOfTarget(wait.target);
    const waits = byQueue.get(queue);
    if (waits) waits.push(wait);
    else byQueue.set(queue, [wait]);
  }
  return [...byQueue].flatMap(([queue, waits]) => {
    const stand = stands[trace.resources[queue]?.process ?? -1] ?? null;
    const lost = stand === null ? [] : items.lostOf(queue);
    return stand === null || lost.length === 0 ? [] : findingOf(trace, { queue, waits, lost, stand, rule });
  });
}

interface Lost {
  readonly queue: number;
  readonly waits: readonly Wait[];
  readonly lost: readonly Loan[];
  readonly stand: Standstill;
  readonly rule: string;
}

function findingOf(trace: Trace, { queue, waits, lost, stand, rule }: Lost): Finding {
  const { outcome, error, endSite } = trace.tasks;
  const loan = lost.find(({ site }) => site >= 0) ?? lost[0]!;
  const holder = holderOf(trace, loan.task);
  const pool = resourcePart(trace, queue);
  const fn = trace.sites[loan.site]?.fn ?? '';
  const words: SentencePart[] = [
    { task: trace.rowOf(holder), text: trace.labelOf(holder) },
    ' took an item of ',
    pool,
  ];
  if (loan.site >= 0) words.push(' at ', sitePart(trace, loan.site));
  if (fn !== '' && !fn.startsWith('<') && !trace.nameOf(holder).endsWith(fn)) words.push(` in ${fn}`);
  if (outcome[holder] === OUTCOME.error) {
    const why = error[holder]! < 0 ? '' : ` with ${trace.text(error[holder]!).replace(/\.$/, '')}`;
    words.push(` and failed${why}`);
  } else words.push(outcome[holder] === OUTCOME.cancelled ? ' and was cancelled' : ' and ended');
  if (endSite[holder]! >= 0) words.push(' at ', sitePart(trace, endSite[holder]!));
  words.push(' without putting it back');
  const others = lost.length - 1;
  if (others > 0) words.push(`, as ${count(others, 'other')} did`);
  const first = waits[0]!;
  words.push(': ', taskPart(trace, first.row));
  if (waits.length > 1) words.push(` and ${waits.length - 1} more`);
  const isOne = waits.length === 1;
  if (stand.isOver) words.push(' waited to the end for one');
  else words.push(isOne ? ' waits for one' : ' wait for one');
  if (first.site >= 0) words.push(' at ', sitePart(trace, first.site));
  words.push(`${describeStandstill(stand)}. Put it back in a \`finally\`.`);
  return {
    rule,
    severity: 'error',
    words,
    sites: [loan.site, endSite[holder]!, first.site].filter((site) => site >= 0),
    tasks: [trace.rowOf(holder), ...waits.map((wait) => wait.row)].slice(0, MAX_TASKS),
    t: first.startNs,
    sinceNs: loan.t,
    explainsEnd: true,
  };
}
