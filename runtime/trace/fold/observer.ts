/**
 * What the fold tells as it goes. Columns, summaries and findings are observers: the fold knows
 * none of them. Times are ns from the trace's start; tasks, resources, lanes, sites and texts are
 * dense indexes into the `Trace`. An observer reads the trace for everything else and never writes
 * to it.
 *
 * A *row* is a task that is nobody's frame. What happens inside its frames (activations awaited at
 * once) is told of the row: "this row waits, at the site of its deepest frame".
 *
 * Event objects are lent for the call: the fold writes the next event over them. Copy what you
 * keep.
 */
import type { Link } from '../model/link.ts';
import type { Chunk, LinkEnd } from '../model/links.ts';
import type { Loss } from '../model/losses.ts';
import type { StateNumber, Target } from '../model/state.ts';
import type { EndedWait } from '../model/wait.ts';

/** From `t` on a row is in another state. */
export interface RowChange {
  readonly row: number;
  readonly t: number;
  readonly state: StateNumber;
  /** The state it was in before. */
  readonly last: StateNumber;
  /** Of a wait: index in REASONS; of an end: in OUTCOMES; of a pause: in PAUSES; else 0. */
  readonly reason: number;
  /** Of a wait: its site; of run and ready: the task that woke the row. −1: none recorded. */
  readonly ref: number;
  /** Of a wait: what for; of run and ready: the resource that woke the row. */
  readonly target: Target;
}

/** A queue's, lock's or pool's level: items in it, permits left, calls not yet answered. */
export interface LevelChange {
  readonly resource: number;
  readonly t: number;
  readonly level: number;
  /** The task that moved the item or permit; −1: none recorded. */
  readonly by: number;
  /** The kind of record that told: `put`, `get`, `acquire`, `release`, or `link` for a pool. */
  readonly kind: number;
}

/** A task used what others wait for. */
export interface ResourceUse {
  /** Index in USES. */
  readonly useKind: number;
  readonly resource: number;
  readonly t: number;
  /** The task that called; −1: none recorded. */
  readonly by: number;
  /** The call. */
  readonly site: number;
}

export interface Observer {
  /** A task began; it is a row of its own until it is absorbed. */
  taskBegan?(task: number, t: number): void;
  /** A task or a frame ended by a record of its own; the table says how. */
  taskEnded?(task: number, t: number): void;
  rowChanged?(change: RowChange): void;
  /** `rowChanged` is called for a change into one of these states alone; absent: into any. */
  readonly rowStates?: readonly StateNumber[];
  /**
   * An activation gave the lane away, be it a row or a frame: the table says where, and what for.
   * Told after what that means for its row.
   */
  taskSuspended?(task: number, t: number): void;
  /** An activation has the lane again, be it a row or a frame. Its first run is its begin. */
  taskResumed?(task: number, t: number): void;
  /**
   * The task was awaited at once by its caller: its own row goes, the caller's row speaks for it.
   * Move what you keep by `task` to `into`.
   */
  taskAbsorbed?(task: number, into: number): void;
  /** A caller awaits its frame once more, which has gone on: a generator that is asked again. */
  frameAwaited?(frame: number): void;
  /** A wait of a row is over. */
  waitEnded?(wait: EndedWait): void;
  /** `waitEnded` is called for waits of these reasons (index in REASONS) alone; absent: of any. */
  readonly waitReasons?: readonly number[];
  /**
   * The task goes on from an `await` of a resource that was there at once: it did not wait. What it
   * awaited, and where, stands in the table of tasks.
   */
  waitPassed?(task: number, t: number): void;
  /** From `t` on this lane executes `task`; −1: nothing that was recorded. */
  laneSwitched?(lane: number, t: number, task: number): void;
  /**
   * The lane was stopped from outside, for a reason of PAUSES; `top` is the task that it executes.
   */
  lanePaused?(lane: number, t: number, pause: number, top: number): void;
  /** The lane goes on; `top` is the task that it executes. */
  laneResumed?(lane: number, t: number, top: number): void;
  levelChanged?(change: LevelChange): void;
  resourceUsed?(use: ResourceUse): void;
  /**
   * What a row of a language without frames waits for from now on is one more call of the await at
   * the site, which is a caller's; −1: of none.
   */
  callBegan?(row: number, t: number, site: number): void;
  recordsLost?(loss: Loss): void;
  /** Ctrl-C reached the process; nothing that it brought about has been told yet. */
  processInterrupted?(process: number, t: number): void;
  /** A task begins to work on a chunk of a pool. */
  chunkBegan?(task: number, t: number, chunk: Chunk): void;
  /** One end of a link was read; of the link the other end may be known already. */
  linkEndRead?(end: LinkEnd, link: Link): void;
}
