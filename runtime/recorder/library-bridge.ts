/**
 * How the library finds the instrument of its thread, when there is one. The agent puts a lane under `Symbol.for('simul.lane')`
 * before the program's first line; the library asks once, when it is loaded. Untraced there is none, and nothing is recorded.
 *
 * The lane's stack of what runs is one for both: an instrumented async function that a library task calls stands on top of that task,
 * and a library task that an instrumented function makes has it as its parent.
 */
import { noRecorder, type Recorder } from './recorder.ts';

export interface LibraryBridge {
  readonly recorder: Recorder;
  /** Node's own, as they were before the instrument replaced them: what the library sets for itself is none of the program's. */
  readonly builtIns: BridgeBuiltIns;
  /** Where the user's code stands, at a `yield` or a call of the library's: the instrument says so just before, the library takes it. 0: not known. */
  site: number;
  /** Put there by the library: `packWait` of a future of its own, -1 of anything else. Runs nothing of the user's. */
  waitOf: ((operand: object) => number) | null;
  /** What stands for a task on the lane's stack; kept by the task for as long as it lives. */
  frame(id: number): Frame;
  /** The task runs, on top of whatever runs. */
  enter(frame: Frame): void;
  /** It gave the thread away, or ended; so did whatever it left standing above itself. */
  leave(frame: Frame): void;
  /** Id of what runs on top; 0 when that is nothing there is a record of. */
  topId(): number;
  /** The same, or else of whose code this callback is; 0 when that is not known. */
  currentId(): number;
  /** Of promises settled from here to the next call: who settled them (0: nothing is known) and through which resource (or 0). */
  setCause(by: number, via: number): void;
  /** What a promise stands for, as `packWait`; 0 when that is not known. */
  targetOf(promise: object): number;
  /** A promise of the library's stands for this, as `packWait`. */
  bindPromise(promise: object, packed: number): void;
  /** Who settled a promise: a task's id, below 0 the world outside, 0 when that is not known. */
  settlerOf(promise: object): number;
}

export interface BridgeBuiltIns {
  readonly setTimeout: (callback: () => void, ms: number) => NodeJS.Timeout;
  readonly clearTimeout: (timer: NodeJS.Timeout) => void;
  readonly setImmediate: (callback: () => void) => NodeJS.Immediate;
  readonly queueMicrotask: (callback: () => void) => void;
}

/** Opaque to the library. */
export interface Frame {
  readonly id: number;
}

/** Why one waits (five bits, as the table of reasons numbers it) and for which task or resource, in one number. */
export const packWait = (reason: number, target: number): number => target * 32 + reason;
export const waitReasonOf = (packed: number): number => packed % 32;
export const waitTargetOf = (packed: number): number => Math.floor(packed / 32);

const none: Frame = { id: 0 };

const noBridge: LibraryBridge = {
  recorder: noRecorder,
  // Taken when the library is loaded, as the instrument's are: fake timers move the user's time, not the library's.
  builtIns: { setTimeout, clearTimeout, setImmediate, queueMicrotask },
  site: 0,
  waitOf: null,
  frame: () => none,
  enter() {},
  leave() {},
  topId: () => 0,
  currentId: () => 0,
  setCause() {},
  targetOf: () => 0,
  bindPromise() {},
  settlerOf: () => 0,
};

export const BRIDGE: symbol = Symbol.for('simul.lane');

/** The lane of this thread; one that records nothing where there is no instrument. */
export function findBridge(): LibraryBridge {
  return (Reflect.get(globalThis, BRIDGE) as LibraryBridge | undefined) ?? noBridge;
}
