/**
 * What the views *Tasks* and *Resources* show: every living task and every resource at one moment.
 * The debug adapter makes it of the moment that is replayed, the language server of the present.
 * All texts are printable; none of them is markup.
 */

export type DoneNow = 'run' | 'ready' | 'wait' | 'paused';

/** A place in the source, as recorded: `file` is no path that may be opened unasked. */
export interface NodePlace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

export interface TaskNode {
  /** The same for the same thing at another moment. */
  readonly key: string;
  /** `more`: so many others are left out. */
  readonly kind: 'process' | 'thread' | 'task' | 'group' | 'more';
  readonly name: string;
  /** Null: a process, a thread or `more`. */
  readonly state: DoneNow | null;
  /** "waits for an item of orders"; '': there is nothing to say. */
  readonly words: string;
  /** For how long it has done so, ns; null: it does nothing by itself. */
  readonly forNs: number | null;
  /** "PROCESS:NUMBER"; null: it is no task. */
  readonly task: string | null;
  /** The deepest activation that it awaits at once, likewise; null: none, or it is not known. */
  readonly frame: string | null;
  readonly place: NodePlace | null;
  readonly children: readonly TaskNode[];
}

/** A task that holds a resource, or waits for it. */
export interface TaskUse {
  readonly task: string;
  readonly name: string;
  readonly place: NodePlace | null;
}

export interface ResourceNode {
  readonly key: string;
  readonly name: string;
  /** "lock", "queue". */
  readonly kind: string;
  /** "held", "4 of 4 items: full", "3 tasks wait"; '': no record tells. */
  readonly words: string;
  readonly place: NodePlace | null;
  readonly holders: readonly TaskUse[];
  readonly waiters: readonly TaskUse[];
  /** Holders and waiters that are left out. */
  readonly more: number;
}

export interface MomentView {
  /** From the start of the recording, ns. */
  readonly timeNs: number;
  readonly living: number;
  readonly waiting: number;
  readonly tasks: readonly TaskNode[];
  readonly resources: readonly ResourceNode[];
  readonly moreResources: number;
}

/** A line at which tasks wait, or one executes, as the file is now. */
export interface MarkedLine {
  /** Absolute. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** "consumer#2 and 3 others wait here". */
  readonly words: string;
}

/** The event by which the adapter tells of each moment that it goes to. */
export const MOMENT_EVENT = 'simulMoment';

export interface MomentNotice {
  readonly timeNs: number;
  /** "PROCESS:NUMBER"; null: no task is looked at. */
  readonly task: string | null;
  /** The line that is looked at; null: no file that may be shown has it. */
  readonly here: MarkedLine | null;
  /** Without `here`. */
  readonly waits: readonly MarkedLine[];
}
