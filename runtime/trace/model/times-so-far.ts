/**
 * A row's times up to now. The model's sums hold only spans that have ended; here the span that
 * goes on counts too. "Now" is the end of the trace, or the end of the row's own thread or process
 * where that is known.
 */
import { State, type StateNumber } from './state.ts';
import { countedSince } from './counted-since.ts';
import { isTerminated, nowOf } from './known-until.ts';
import type { Trace } from './trace.ts';

/** The sums begin where the records are kept from; `livedNs` does not: when it began is known. */
export interface Times {
  readonly livedNs: number;
  readonly runNs: number;
  readonly readyNs: number;
  readonly waitNs: number;
}

export function timesSoFar(trace: Trace, row: number): Times {
  const { tasks } = trace;
  const ended = tasks.endedNs[row]!;
  const untilNs = Number.isNaN(ended) ? nowOf(trace, row) : ended;
  const sinceNs = countedSince(trace, row);
  const openNs = Math.max(0, untilNs - Math.max(sinceNs, tasks.rowSinceNs[row]!));
  const state = tasks.rowState[row] as StateNumber;
  const open = (of: StateNumber): number => (state === of ? openNs : 0);
  return {
    livedNs: Math.max(0, untilNs - tasks.beganNs[row]!),
    runNs: tasks.runNs[row]! + (state === State.run ? onTopNs(trace, row, untilNs) : 0),
    readyNs: tasks.readyNs[row]! + open(State.ready),
    waitNs: tasks.waitNs[row]! + open(State.wait),
  };
}

/** How long the row has been on top of its lane; 0 while one of its callees is. */
function onTopNs(trace: Trace, row: number, untilNs: number): number {
  const lane = trace.lanes[trace.tasks.lane[trace.tasks.leaf[row]!]!];
  if (!lane || lane.top < 0 || trace.rowOf(lane.top) !== row) return 0;
  return untilNs > lane.topNs ? untilNs - lane.topNs : 0;
}

/**
 * Whether this row can do nothing more: its thread, its process or the program has ended. What it
 * did before that may be unknown: see `lossAfter`.
 */
export function isOver(trace: Trace, row: number): boolean {
  const process = processOf(trace, row);
  return (
    trace.isOver ||
    laneOf(trace, row)?.endNs != null ||
    process?.endNs != null ||
    process?.wasTerminated === true
  );
}

/** What was terminated while the row had not ended: its thread or its process; null: neither. */
export function terminatedWith(trace: Trace, row: number): 'thread' | 'process' | null {
  if (trace.tasks.rowState[row] === State.ended) return null;
  const process = processOf(trace, row);
  if (process !== undefined && process.endKind === 0 && process.wasTerminated) return 'process';
  const lane = laneOf(trace, row);
  return lane !== undefined && isTerminated(lane) ? 'thread' : null;
}

const laneOf = (trace: Trace, row: number) => trace.lanes[trace.tasks.lane[row]!];
const processOf = (trace: Trace, row: number) => trace.processes[trace.tasks.process[row]!];
