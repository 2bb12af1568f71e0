/**
 * Calls that a pool's threads run wait for calls that the same pool has not begun: each thread
 * waits, and none is left for what they wait for. Of Python's ThreadPoolExecutor.
 */
import { ACTIVATION_KIND, PROCESS_END, RESOURCE_KIND } from '../format/kinds.ts';
import { openNs, openWaits } from '../model/open-waits.ts';
import { State, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { Finding } from './finding.ts';

const CHUNK = ACTIVATION_KIND.chunk;
const MIN_WAIT_NS = 1e9;

/** @param rule the name of the rule that says so */
export function poolDeadlocks(trace: Trace, rule: string): Finding[] {
  const waitsByPool = new Map<number, Wait[]>();
  for (const wait of openWaits(trace)) {
    const pool = poolOf(trace, wait);
    if (pool < 0) continue;
    const waits = waitsByPool.get(pool);
    if (waits === undefined) waitsByPool.set(pool, [wait]);
    else waits.push(wait);
  }
  return [...waitsByPool].flatMap(([pool, waits]) => findingOf(trace, rule, pool, waits) ?? []);
}

/** The pool that runs the waiting call, and runs, or is to run, what that waits for; −1: none. */
function poolOf(trace: Trace, { row, target }: Wait): number {
  const { kind, resource, state } = trace.tasks;
  const awaited = taskOfTarget(target);
  if (awaited < 0 || kind[row] !== CHUNK || kind[awaited] !== CHUNK) return -1;
  if (state[awaited] !== State.ready && state[awaited] !== State.wait) return -1;
  const pool = resource[row]!;
  return trace.resources[pool]?.kind === RESOURCE_KIND.pool && resource[awaited] === pool ? pool : -1;
}

function findingOf(trace: Trace, rule: string, pool: number, waits: readonly Wait[]): Finding | null {
  const { capacity, process } = trace.resources[pool]!;
  if (capacity === null || waits.length < capacity || trace.losses.hasAny(process)) return null;
  const isOver = trace.processes[process]!.endKind === PROCESS_END.exit;
  if (!isOver && !waits.every((wait) => openNs(trace, wait) >= MIN_WAIT_NS)) return null;
  // It is the one that waits for a call that no thread has begun.
  const first = waits.find(({ target }) => trace.tasks.state[taskOfTarget(target)] === State.ready);
  if (first === undefined) return null;
  const others = waits.length === 1 ? '' : `; all ${waits.length} threads of it wait like that`;
  return {
    rule,
    severity: 'error',
    words: [
      taskPart(trace, first.row),
      ' has a thread of ',
      resourcePart(trace, pool),
      ' and waits',
      ...(first.site >= 0 ? [' at ', sitePart(trace, first.site)] : []),
      ' for ',
      taskPart(trace, taskOfTarget(first.target)),
      `, which waits for a thread of the same pool${others}: a deadlock.`,
      ' Let no call wait for another of its own pool.',
    ],
    sites: waits.map(({ site }) => site).filter((site) => site >= 0),
    tasks: waits.map(({ row }) => row),
    t: Math.max(...waits.map(({ startNs }) => startNs)),
    sinceNs: Math.min(...waits.map(({ startNs }) => startNs)),
    explainsEnd: true,
  };
}
