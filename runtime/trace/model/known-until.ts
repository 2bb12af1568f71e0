/**
 * Up to when something is known of a lane, a process or a row, and why not further. Whatever is
 * said of a trace (a count, an end, a wait that goes on, a hold) lies within that.
 */
import { LANE_END, LOSSES } from '../format/kinds.ts';
import type { Loss } from './losses.ts';
import { State } from './state.ts';
import type { Lane, Process, Trace } from './trace.ts';

/** `running`: it may go on. `killed`: it did not write its own end. Else a name of LOSSES. */
export type UnknownCause = 'running' | 'killed' | (typeof LOSSES)[number];

export interface KnownUntil {
  readonly untilNs: number;
  /** Null: it ended then, and all before is known. */
  readonly why: UnknownCause | null;
}

export function processKnownUntil(trace: Trace, process: Process): KnownUntil {
  const stop = trace.losses.stopOf(process.index);
  if (stop !== undefined) return { untilNs: stop.sinceNs, why: causeOf(stop) };
  const { endNs, lastNs, cutNs, wasTerminated } = process;
  if (cutNs !== null) return { untilNs: cutNs, why: 'killed' };
  if (endNs !== null) return { untilNs: endNs, why: null };
  if (wasTerminated || trace.isOver) return { untilNs: lastNs, why: 'killed' };
  return { untilNs: trace.endNs, why: 'running' };
}

export function laneKnownUntil(trace: Trace, lane: Lane): KnownUntil {
  const lastNs = trace.laneLastNs[lane.index]!;
  const { endNs } = lane;
  if (endNs !== null) return { untilNs: Math.max(endNs, lastNs), why: null };
  const ofProcess = processKnownUntil(trace, trace.processes[lane.process]!);
  const isCut = trace.losses.stopOf(lane.process) !== undefined || ofProcess.why === 'killed';
  if (isCut) return { ...ofProcess, untilNs: Math.max(lane.startNs, ofProcess.untilNs) };
  return { ...ofProcess, untilNs: Math.max(ofProcess.untilNs, lastNs) };
}

/**
 * The loss after which it is not known what this row did: records of its lane are missing since its
 * last change. Null: all is known.
 */
export function lossAfter(trace: Trace, row: number): Loss | null {
  const { rowState, rowSinceNs, lane, process } = trace.tasks;
  if (trace.lost === 0 || rowState[row] === State.ended) return null;
  return trace.losses.firstAfter(process[row]!, lane[row]!, rowSinceNs[row]!);
}

/** Its process was ended by a signal, and what this row did last could not be written. */
export function isCutOff(trace: Trace, row: number): boolean {
  const { rowState, lane, process } = trace.tasks;
  if (rowState[row] === State.ended || trace.processes[process[row]!]!.cutNs === null) return false;
  return trace.lanes[lane[row]!]?.endNs == null;
}

/** Up to when the span that goes on in this row is known to have lasted. */
export function nowOf(trace: Trace, row: number): number {
  const sinceNs = trace.tasks.rowSinceNs[row]!;
  const loss = lossAfter(trace, row);
  if (loss !== null) return Math.max(sinceNs, loss.sinceNs);
  return Math.max(sinceNs, untilOf(trace, trace.lanes[trace.tasks.lane[row]!]));
}

/**
 * Up to when something is known of this thread: its end, its process's end, or the last record of a
 * process whose recording stopped before. A damaged trace may say that it began later than that.
 */
export const untilOf = (trace: Trace, lane: Lane | undefined): number =>
  lane === undefined ? trace.endNs : Math.max(lane.startNs, laneKnownUntil(trace, lane).untilNs);

/** Up to when it is known what a lane executes, as of now. */
export function laneNowOf(trace: Trace, lane: Lane): number {
  const loss = trace.losses.firstAfter(lane.process, lane.index, lane.sinceNs);
  return loss === null ? untilOf(trace, lane) : Math.max(lane.sinceNs, loss.sinceNs);
}

export const causeOf = ({ where }: Loss): UnknownCause => LOSSES[where] ?? '';

/** The thread was ended by another. */
export const isTerminated = ({ endKind }: Lane): boolean => endKind === LANE_END.terminated;
