/** Other threads and processes of the program, as one of them hears of them. */
import { LINK_KIND, PEER_KINDS } from '../format/kinds.ts';
import type { HeardLink } from './heard.ts';
import type { Trace } from './trace.ts';
import type { Wait } from './wait.ts';

/** Whether the resource stands for another thread or process. @param resource index; −1: none */
export function isPeer(trace: Trace, resource: number): boolean {
  const info = trace.resources[resource];
  return info !== undefined && PEER_KINDS.has(info.kind);
}

/** Where something that was heard came from. */
export interface Origin {
  /** The activation that sent it; −1: none is known. */
  readonly task: number;
  /** −1: no record of that thread was read. */
  readonly lane: number;
  /** When it was sent, as far as that is known, ns from the trace's start. */
  readonly t: number;
}

export function originOf(trace: Trace, { kind, link, token: pid, pid: threadId }: HeardLink): Origin {
  const { sender, senderLane, sentNs, receivedNs } = link;
  const isWritten = kind === LINK_KIND.message || kind === LINK_KIND.signal;
  // Nothing is received before it was sent: then the two ends are not of one message.
  if (isWritten)
    return sentNs <= receivedNs
      ? { task: sender, lane: senderLane, t: sentNs }
      : { task: -1, lane: -1, t: receivedNs };
  const lane = threadId === 0 ? mainLaneOf(trace, pid) : trace.links.laneOfThread(pid, threadId);
  if (kind === LINK_KIND.output || lane < 0) return { task: -1, lane, t: receivedNs };
  const { endNs, process } = trace.lanes[lane]!;
  const endedNs = endNs ?? trace.processes[process]!.endNs ?? receivedNs;
  return { task: -1, lane, t: Math.min(endedNs, receivedNs) };
}

/** What came from another thread or process, and ended the wait; null: nothing that did. */
export function originOfWaitEnd(
  trace: Trace,
  { row, startNs, endNs }: Pick<Wait, 'row' | 'startNs' | 'endNs'>,
): Origin | null {
  if (endNs === null) return null;
  const heard = trace.links.heard.wakeOf(row, startNs, endNs);
  return heard === undefined ? null : originOf(trace, heard);
}

/** Who ended the wait, also from another process; −1: no record tells. */
export const wakerOf = (trace: Trace, wait: Wait): number =>
  wait.waker >= 0 ? wait.waker : (originOfWaitEnd(trace, wait)?.task ?? -1);

function mainLaneOf({ lanes, processes }: Trace, pid: number): number {
  return lanes.findIndex(({ number, process }) => number === 0 && processes[process]!.pid === pid);
}
