/**
 * A worker thread was given something to do, and that waits for what would have to come from the
 * program itself; the main thread waits meanwhile, and nothing happens any more. So the cause is
 * the line in the worker, and not the one that waits for the pool.
 *
 * A worker that waits for its next message is idle and stuck in nothing. Refuted by a wait that
 * ended.
 */
import { ACTIVATION_KIND, LANE_KIND, REASON, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget } from '../model/state.ts';
import { terminatedWith } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import { describeTarget, describeWaitSite } from '../words/wait.ts';
import type { Finding } from './finding.ts';
import { interruptOf } from './interrupt.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { describeStandstill, type Standstill, standstillOf } from './standstill.ts';

/** What does not come by itself. */
const WOULD_NOT_COME = numberSet(REASON, '', 'future', 'event', 'lock', 'semaphore', 'condition', 'group');
const PEERS = numberSet(RESOURCE_KIND, 'parent', 'port', 'worker', 'child');
const BODIES = numberSet(ACTIVATION_KIND, 'module', 'main', 'thread');
const MAX_FINDINGS = 10;
const MAX_TASKS = 20;

/** @param explained rows of which another rule tells */
export function stuckInWorkers(
  trace: Trace,
  gaps: QuietGaps,
  explained: ReadonlySet<number>,
): Omit<Finding, 'rule'>[] {
  return trace.processes.flatMap((process) => {
    const stand = standstillOf(trace, gaps, process);
    if (stand === null || stand.quietNs === 0) return [];
    const sinceNs = (interruptOf(trace, process)?.t ?? trace.endNs) - stand.quietNs;
    const open = openWaits(trace).filter(
      (wait) =>
        trace.tasks.process[wait.row] === process.index &&
        wait.startNs <= sinceNs &&
        terminatedWith(trace, wait.row) === null,
    );
    const inMain = open.filter(({ row }) => laneKindOf(trace, row) === LANE_KIND.main);
    const [waiting] = inMain.filter(({ reason, row }) => reason !== REASON.timer && !explained.has(row));
    if (waiting === undefined) return [];
    const stuck = new Map<number, Wait[]>();
    for (const wait of open) {
      if (laneKindOf(trace, wait.row) !== LANE_KIND.worker || explained.has(wait.row)) continue;
      if (!isStuck(trace, wait, isForMessage(trace, waiting))) continue;
      const waits = stuck.get(wait.site);
      if (waits) waits.push(wait);
      else stuck.set(wait.site, [wait]);
    }
    return [...stuck.values()].slice(0, MAX_FINDINGS).map((waits) => findingOf(trace, stand, waits, waiting));
  });
}

const laneKindOf = ({ lanes, tasks }: Trace, row: number): number => lanes[tasks.lane[row]!]?.kind ?? 0;

function isForMessage({ resources }: Trace, { target }: Wait): boolean {
  const of = resources[resourceOfTarget(target)];
  return of !== undefined && (of.kind === RESOURCE_KIND.worker || of.name === 'message');
}

/** @param isAwaited the main thread waits for a message: so the worker's own body counts, too */
function isStuck(trace: Trace, { row, reason, target, site }: Wait, isAwaited: boolean): boolean {
  if (site < 0 || !WOULD_NOT_COME.has(reason)) return false;
  if (!isAwaited && BODIES.has(trace.tasks.kind[row]!)) return false;
  const of = trace.resources[resourceOfTarget(target)];
  return of === undefined || !(PEERS.has(of.kind) || of.name === 'message');
}

/** @param waits of one place, at least one */
function findingOf(
  trace: Trace,
  stand: Standstill,
  waits: readonly Wait[],
  waiting: Wait,
): Omit<Finding, 'rule'> {
  const [first] = waits as readonly [Wait, ...Wait[]];
  const { lanes, tasks } = trace;
  const others = waits.length - 1;
  return {
    severity: stand.isOver ? 'error' : 'warning',
    words: [
      taskPart(trace, first.row),
      ` in ${lanes[tasks.lane[first.row]!]!.name}`,
      others > 0 ? ` (and ${count(others, 'other')} there)` : '',
      stand.isOver ? ' waited' : ' waits',
      ...describeWaitSite(trace, first),
      ...describeTarget(trace, first),
      ', which did not come, and ',
      taskPart(trace, waiting.row),
      ` ${stand.isOver ? 'waited' : 'waits'} at `,
      sitePart(trace, waiting.site),
      ' for what the worker was to give',
      describeStandstill(stand),
      '. Each way through the function in the worker has to come to an end.',
    ],
    sites: [first.site, waiting.site].filter((site) => site >= 0),
    tasks: [...waits.map(({ row }) => row), waiting.row].slice(0, MAX_TASKS),
    t: first.startNs,
    sinceNs: first.startNs,
    explainsEnd: true,
  };
}
