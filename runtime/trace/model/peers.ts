/** Other threads and processes of the program, as one of them hears of them. */
import { LINK_KIND, PEER_KINDS, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import type { HeardLink } from './heard.ts';
import type { Trace } from './trace.ts';
import type { Wait } from './wait.ts';

/**
 * These end a wait from outside the program, or from a thread or process of its own: they are the
 * waker, where there is no task to name.
 */
export const WAKING_KINDS: ReadonlySet<number> = new Set([
  ...numberSet(RESOURCE_KIND, 'timer', 'io', 'signal'),
  ...PEER_KINDS,
]);

/** Whether the resource stands for another thread or process. @param resource index; −1: none */
export function isPeer(trace: Trace, resource: number): boolean {
  if (resource < 0) return false;
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

/**
 * What came from another thread or process, and ended the wait; null: nothing that did. A callback
 * of the program's may stand between the two: it was called since the message came.
 */
export function originOfWaitEnd(trace: Trace, { row, startNs, endNs, waker }: Wait): Origin | null {
  if (endNs === null) return null;
  const { heard } = trace.links;
  const { resource, beganNs } = trace.tasks;
  const last =
    heard.wakeOf(row, startNs, endNs) ??
    (waker < 0 ? undefined : heard.lastAt(resource[waker]!, beganNs[waker]!));
  return last === undefined ? null : originOf(trace, last);
}

/** Who ended the wait, also from another thread or process; −1: no record tells. */
export function wakerOf(trace: Trace, wait: Wait): number {
  const sender = originOfWaitEnd(trace, wait)?.task ?? -1;
  return sender >= 0 ? sender : wait.waker;
}

function mainLaneOf({ lanes, processes }: Trace, pid: number): number {
  return lanes.findIndex(({ number, process }) => number === 0 && processes[process]!.pid === pid);
}
