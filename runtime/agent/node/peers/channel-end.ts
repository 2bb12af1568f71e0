/**
 * One end of a channel between two threads or processes of the program. A channel is two ways, and
 * each way is a queue: the n-th message that goes in at one end is the n-th that comes out at the
 * other. So both ends number the messages by themselves, and nothing is added to one.
 */

import type { SafeRef } from '../../../recorder/built-ins.ts';

/** Of a thread, its process's pid and the thread's id; of a process, its pid and 0. */
export interface ChannelName {
  readonly pid: number;
  /** Less than 2^31. */
  readonly number: number;
}

/** Who is heard at an end. */
export interface PeerName {
  /** One of RESOURCE_KIND. */
  readonly kind: number;
  readonly name: string;
  /** Id of the site that began the thread or process, or 0. */
  readonly site: number;
}

/** Channels that were named by the message with which their end came. */
const DERIVED = 0x40000000;

export class ChannelEnd {
  readonly peer: PeerName;
  readonly pid: number;
  /** The ways, as tokens of links. */
  readonly wayOut: number;
  readonly wayIn: number;
  /** Began the thread, the process or the channel. */
  readonly isMaker: boolean;
  /** Id of the resource that stands for the peer; 0: none is defined yet. */
  resource = 0;
  sent = 0;
  received = 0;
  /** How many more messages may be looked at for the line that sends them. */
  looksLeft = 3;
  /**
   * What the port holds in the place of ports, see message-ports.ts: since Node asked for the
   * function with which it hands on what came, and while it does; null: neither.
   */
  asked: readonly unknown[] | null = null;
  handled: readonly unknown[] | null = null;
  /** The port, once a message came through it. */
  port: SafeRef<object> | null = null;

  constructor({ pid, number }: ChannelName, isMaker: boolean, peer: PeerName) {
    this.pid = pid;
    this.peer = peer;
    this.isMaker = isMaker;
    this.wayOut = number * 2 + (isMaker ? 0 : 1);
    this.wayIn = number * 2 + (isMaker ? 1 : 0);
  }
}

/**
 * The name of a channel of which one end goes to another thread: both threads make it of the
 * message that takes it there.
 * @param way the token of the way that the message goes
 * @param message its number on that way
 * @param index which of the message's ports it is
 */
export function nameOfSentChannel(pid: number, way: number, message: number, index: number): ChannelName {
  let hash = 0x811c9dc5;
  for (const part of [way, message, index]) {
    hash = Math.imul(hash ^ (part & 0xffff), 0x01000193);
    hash = Math.imul(hash ^ (part >>> 16), 0x01000193);
  }
  return { pid, number: ((hash >>> 2) | DERIVED) & 0x7fffffff };
}
