/**
 * A process in which nothing happens any more: it came to its own end, or nothing has happened for
 * a second. What nobody has done by then, nobody will do, unless the world outside does something.
 */
import { PROCESS_END } from '../format/kinds.ts';
import type { Process, Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { interruptOf } from './interrupt.ts';
import type { QuietGaps } from './quiet-gaps.ts';

export interface Standstill {
  /** The process has ended. */
  readonly isOver: boolean;
  /** For how long nothing had happened; 0: it came to its own end. */
  readonly quietNs: number;
  /** "SIGINT": who then ended it; '': nobody. */
  readonly signal: string;
}

/** Null: it may go on, or records of it are missing. */
export function standstillOf(trace: Trace, gaps: QuietGaps, process: Process): Standstill | null {
  const { index, endKind, endNs } = process;
  if (trace.losses.hasAny(index)) return null;
  if (endKind === PROCESS_END.exit) return { isOver: true, quietNs: 0, signal: '' };
  const interrupt = interruptOf(trace, process);
  // Of a program that goes on it is known as long as it does.
  if (interrupt === null && (trace.isOver || endNs !== null)) return null;
  const t = interrupt?.t ?? trace.endNs;
  const gap = gaps.gapAt(index, t);
  if (gap === null || isRunning(trace, index)) return null;
  return { isOver: endNs !== null, quietNs: t - gap.fromNs, signal: interrupt?.signal ?? '' };
}

/** One of its threads is at work, and tells nothing meanwhile. */
export const isRunning = ({ lanes }: Trace, process: number): boolean =>
  lanes.some((lane) => lane.process === process && lane.top >= 0 && lane.endNs === null);

/** "; nothing else had happened for 2.04 s when SIGINT came"; '': it came to its own end. */
export function describeStandstill({ quietNs, signal }: Pick<Standstill, 'quietNs' | 'signal'>): string {
  if (quietNs === 0) return '';
  const quiet = duration(quietNs);
  return signal === ''
    ? `; nothing else has happened for ${quiet}`
    : `; nothing else had happened for ${quiet} when ${signal} came`;
}

/** Somebody did something later: what the agent said then was not said at the end. */
export function wentOn({ tasks }: Trace, process: number, t: number): boolean {
  for (let row = 0; row < tasks.count; row++)
    if (tasks.process[row] === process && tasks.rowSinceNs[row]! > t) return true;
  return false;
}
