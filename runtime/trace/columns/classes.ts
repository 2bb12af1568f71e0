/**
 * How the picture sees a span: five classes, from its state and the reason of its wait. A wait for
 * something of this program (lock, queue, another task) is told apart from an external one (time,
 * I/O), because only the first is something the reader can change by writing the program
 * differently.
 */
import { REASONS, type Reason } from '../format/kinds.ts';
import { State } from '../model/state.ts';

export const Class = { none: 0, run: 1, ready: 2, blocked: 3, idle: 4 } as const;
export type ClassNumber = (typeof Class)[keyof typeof Class];
export const CLASS_COUNT = 5;

const EXTERNAL_REASONS: ReadonlySet<Reason> = new Set(['', 'timer', 'io', 'value', 'signal']);

/** state | reason << 3, as tracks store it: eight bits. */
export const packCode = (state: number, reason: number): number => (state & 7) | ((reason & 31) << 3);
export const stateOf = (code: number): number => code & 7;
export const reasonOf = (code: number): number => code >>> 3;

/** Class of each code. */
export const CLASS_OF_CODE: Uint8Array = new Uint8Array(256).map((_, code) => {
  const state = stateOf(code);
  if (state === State.run) return Class.run;
  if (state === State.ready) return Class.ready;
  if (state !== State.wait) return Class.none;
  return EXTERNAL_REASONS.has(REASONS[reasonOf(code)] ?? '') ? Class.idle : Class.blocked;
});
