/**
 * Messages that pile up in what they are sent to: a WebSocket of the package `ws` whose other side
 * takes them more slowly. A burst that drains is none: what waits has to have grown for a second
 * without having drained. Once it no longer grows, or has drained after all, the fact is taken
 * back. It reads plain properties, and Node's own accessor.
 */
import { Writable } from 'node:stream';
import { types } from 'node:util';
import { builtIns } from '../../../recorder/built-ins.ts';
import { isObject, plainProperty } from '../builtins/inspect-safely.ts';
import type { Growth } from './growth.ts';
import type { ThreadContext } from './thread-context.ts';

const { apply, getOwnPropertyDescriptor, getWeak, setWeak, wallMs } = builtIns;

const MIN_BYTES = 1 << 20;
/** With so little it has drained. */
const LOW_BYTES = 1 << 16;
const MIN_MS = 1000;
const MIN_TIMES = 8;
/** A state of a WebSocket. */
const OPEN = 1;
const lengthOf = getOwnPropertyDescriptor(Writable.prototype, 'writableLength')?.get;

interface Pile {
  /** Since when it has not drained, and when it was the highest. */
  sinceMs: number;
  peakMs: number;
  peak: number;
  lastMs: number;
  /** So often something was sent at another time than before. */
  times: number;
}

export interface UnsentMessages {
  /** `target.send(x)` is over, and gave nothing. */
  noteSent(site: number, target: object): void;
}

/** @param clock ms */
export function createUnsentMessages(
  { sites }: Pick<ThreadContext, 'sites'>,
  growth: Pick<Growth, 'note' | 'recountAtEnd' | 'takeBack'>,
  clock: () => number = wallMs,
): UnsentMessages {
  const piles = new WeakMap<object, Pile | undefined>();

  function noteSent(site: number, target: object): void {
    const bytes = unsentBytes(target);
    if (bytes < LOW_BYTES) {
      if (bytes >= 0 && getWeak(piles, target) !== undefined) drained(target);
      return;
    }
    const nowMs = clock();
    const pile = getWeak(piles, target);
    if (pile === undefined)
      return void setWeak(piles, target, {
        sinceMs: nowMs,
        peakMs: nowMs,
        peak: bytes,
        lastMs: nowMs,
        times: 1,
      });
    if (nowMs > pile.lastMs) pile.times++;
    pile.lastMs = nowMs;
    if (bytes <= pile.peak) {
      if (nowMs - pile.peakMs >= MIN_MS) drained(target);
      return;
    }
    pile.peak = bytes;
    pile.peakMs = nowMs;
    if (bytes < MIN_BYTES || pile.times < MIN_TIMES || nowMs - pile.sinceMs < MIN_MS) return;
    growth.recountAtEnd(target, unsentBytes, -1);
    growth.note(target, bytes, MIN_BYTES, () => {
      sites.waitFlags(site);
      return { site, text: 'bytes that were sent and not yet taken', called: 0 };
    });
  }

  function drained(target: object): void {
    setWeak(piles, target, undefined);
    growth.takeBack(target);
  }

  return {
    noteSent(site, target) {
      // Near the end of the stack there may be too little of it.
      try {
        noteSent(site, target);
      } catch {}
    },
  };
}

/** What the WebSocket and its socket keep; −1: it is no open one. */
function unsentBytes(target: object): number {
  if (types.isProxy(target) || plainProperty(target, '_readyState') !== OPEN) return -1;
  const socket = plainProperty(target, '_socket');
  const sender = plainProperty(target, '_sender');
  if (typeof socket !== 'object' || socket === null || typeof sender !== 'object' || sender === null)
    return -1;
  if (!isObject(plainProperty(socket, '_writableState')) || lengthOf === undefined) return -1;
  const inSocket: unknown = apply(lengthOf, socket, []);
  const inSender = plainProperty(sender, '_bufferedBytes');
  return typeof inSocket === 'number' && typeof inSender === 'number' ? inSocket + inSender : -1;
}
