/**
 * How the library finds the instrument of its thread, if there is one. The agent puts a bridge
 * under the name `BRIDGE` before the program's first line; the library looks once, when it
 * is loaded. In an untraced program there is none, and nothing is recorded.
 *
 * The thread has one stack of what runs, for both. An instrumented async function that a library
 * task calls stands on top of that task; a library task that an instrumented function makes has
 * that function's activation as its parent.
 */
import { builtIns } from './built-ins.ts';
import { noRecorder, type Recorder } from './recorder.ts';

export interface LibraryBridge {
  readonly recorder: Recorder;
  /**
   * Node's own timers, from before the instrument replaced them: timers that the library sets for
   * itself are no events of the program.
   */
  readonly builtIns: BridgeBuiltIns;
  /**
   * The site of the user's `yield` or call of the library: the instrument sets it just before, the
   * library reads and clears it. 0: not known.
   */
  site: number;
  /**
   * Set by the library: gives `packWait` of one of its own futures, -1 of anything else. It runs
   * none of the user's code.
   */
  waitOf: ((operand: object) => number) | null;
  /** In a program that is debugged: what the debugger evaluates (agent/node/stops). */
  stops?: object;
  /** Where the shapes of awaited values are recorded: a task is about to go on with this one. */
  noteValue?: (task: number, value: unknown, threw: boolean) => void;
  /** Makes what stands for a task on the thread's stack; the task keeps it as long as it lives. */
  frame(id: number): BridgeFrame;
  /**
   * What a worker was made for begins: the start of its thread or process, which the agent records
   * as its main activation, is over. Called before the activation begins.
   */
  beginWork(): void;
  /** The library is about to open a session with V8's inspector. */
  beginInspecting(): void;
  /** The task runs, on top of all that runs. */
  enter(frame: BridgeFrame): void;
  /** The task gave the thread away or ended, and with it all that still stands above it. */
  leave(frame: BridgeFrame): void;
  /** Id of what runs on top; 0: nothing recorded runs. */
  topId(): number;
  /** As `topId`, or else the id of the task that set up the running callback; 0: not known. */
  currentId(): number;
  /**
   * Sets who settles the promises that are settled until the next call (0: not known), and through
   * which resource (0: none).
   */
  setCause(by: number, via: number): void;
  /** What a promise stands for, as `packWait`; 0: not known. */
  targetOf(promise: object): number;
  /** Sets what a promise of the library stands for, as `packWait`. */
  bindPromise(promise: object, packed: number): void;
  /**
   * The text of a function as it runs: with probes, where it has some. To the program
   * `Function.prototype.toString` shows the text without them.
   */
  textOf(fn: object): string;
  /** Who settled a promise: a task's id; below 0: something outside the program; 0: not known. */
  settlerOf(promise: object): number;
}

export interface BridgeBuiltIns {
  readonly setTimeout: (callback: () => void, ms: number) => NodeJS.Timeout;
  readonly clearTimeout: (timer: NodeJS.Timeout) => void;
  readonly setImmediate: (callback: () => void) => NodeJS.Immediate;
  readonly queueMicrotask: (callback: () => void) => void;
}

/** Opaque to the library. */
export interface BridgeFrame {
  readonly id: number;
}

/** Five bits, as the table of kinds gives a wait's reason. */
const REASON_COUNT = 32;

/** The reason of a wait and the task or resource that it is for, in one number. */
export const packWait = (reason: number, target: number): number => target * REASON_COUNT + reason;
export const waitReasonOf = (packed: number): number => packed % REASON_COUNT;
export const waitTargetOf = (packed: number): number => builtIns.floor(packed / REASON_COUNT);

const noFrame: BridgeFrame = { id: 0 };

const noBridge: LibraryBridge = {
  recorder: noRecorder,
  // Taken when the library is loaded: fake timers move the user's time, not the library's.
  builtIns: { setTimeout, clearTimeout, setImmediate, queueMicrotask },
  site: 0,
  waitOf: null,
  frame: () => noFrame,
  beginWork() {},
  beginInspecting() {},
  enter() {},
  leave() {},
  topId: () => 0,
  currentId: () => 0,
  setCause() {},
  targetOf: () => 0,
  bindPromise() {},
  textOf: builtIns.textOf as (fn: object) => string,
  settlerOf: () => 0,
};

/**
 * The name of the bridge: a constant in the script scope of the realm. It is no property of the
 * global object, so a program that looks at that does not find it.
 */
export const BRIDGE = 'simulBridge$';
declare const simulBridge$: LibraryBridge | undefined;

/** The bridge of this thread; where there is no instrument, one that records nothing. */
export function findBridge(): LibraryBridge {
  return typeof simulBridge$ === 'undefined' ? noBridge : simulBridge$;
}
