/**
 * What the fold tells as it goes. Columns, summaries and findings are observers: the
 * fold knows none of them. All times are ns from the trace's start, as numbers; tasks,
 * resources, lanes, sites and texts are dense indexes into the `Trace`. An observer
 * reads the trace for everything else, and never writes to it.
 *
 * A *row* is a task that is nobody's frame. What happens inside its frames (activations
 * awaited at once) is told of the row: "this row waits, at the site of its deepest frame".
 */

/** State of a task; also what a span of its row is in. Fits 3 bits. `paused` is a row's alone: it would run, and its lane was stopped from outside. */
export const State = { unborn: 0, run: 1, ready: 2, wait: 3, ended: 4, paused: 5 } as const;
export type StateNumber = (typeof State)[keyof typeof State];
export const STATE_NAMES = ['unborn', 'run', 'ready', 'wait', 'ended', 'paused'] as const;

/**
 * What something waits for, as one number: 0 nothing known, n > 0 the task n − 1,
 * n < 0 the resource −n − 1.
 */
export type Target = number;
export const targetTask = (task: number): Target => task + 1;
export const targetResource = (resource: number): Target => -resource - 1;

export interface Observer {
  /** A task was born; it is a row of its own until it is `absorbed`. */
  began?(task: number, t: number): void;
  /**
   * From `t` on the row is in `state`.
   * wait: `reason` indexes REASONS, `ref` is the site (−1 unknown), `target` what for.
   * run, ready: `ref` is the task that woke it (−1 none recorded), `target` the resource that did.
   * ended: `reason` indexes OUTCOMES. paused: `reason` indexes PAUSES.
   * `last` is the state it was in before.
   */
  changed?(
    row: number,
    t: number,
    state: StateNumber,
    reason: number,
    ref: number,
    target: Target,
    last: StateNumber,
  ): void;
  /** The task was awaited at once by its caller: its own row goes, the caller's row speaks for it. */
  absorbed?(task: number, into: number): void;
  /** A wait of a row is over. `site` −1: unknown; `waker` −1: none recorded; `task`: the frame that waited. */
  waited?(
    row: number,
    task: number,
    startNs: number,
    endNs: number,
    reason: number,
    target: Target,
    site: number,
    waker: number,
  ): void;
  /** From `t` on this lane executes `task` (−1: nothing of which there is a record). */
  lane?(lane: number, t: number, task: number): void;
  /** A queue's, lock's or pool's level changed: items in it, permits left. */
  level?(resource: number, t: number, level: number, by: number, kind: number): void;
  /** `count` records are missing on this lane (−1: of the process) between the two times. */
  lost?(process: number, lane: number, sinceNs: number, t: number, count: number): void;
  /**
   * Any other record, after the trace has taken it in: kind, flags and raw fields as dense indexes where they are ids.
   * Of `pause` and `resume`, `b` is the lane.
   */
  other?(
    kind: number,
    flags: number,
    t: number,
    task: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void;
}
