/**
 * A trace as JSON: the types of what `simul show --json` prints and `readTraceJson` returns. These
 * names are a contract that scripts and tests read. New names may be added; none may change its
 * meaning. Ids are "process:number"; times are ns from the recording's start. The caller's limit
 * bounds each list, and `truncated` counts what was left out.
 */

import type { SiteJson } from '../../trace/queries/site-json.ts';

export type { SiteJson };

export interface TraceJson {
  readonly events: number;
  readonly lost: number;
  readonly durationNs: number;
  /** What was let go of the beginning; absent: nothing was. */
  readonly kept?: KeptJson;
  readonly processes: readonly ProcessJson[];
  readonly lanes: readonly LaneJson[];
  readonly tasks: readonly TaskJson[];
  readonly resources: readonly ResourceJson[];
  readonly findings: readonly FindingJson[];
  /** How many of each list were left out because of the limit. */
  readonly truncated: Readonly<Record<'tasks' | 'waits' | 'resources' | 'findings', number>>;
  /** What is damaged or missing, one sentence each. */
  readonly troubles: readonly string[];
}

/** The lists hold what is known from `sinceNs` on, and what went on then. */
export interface KeptJson {
  readonly sinceNs: number;
  /** Records that were let go. */
  readonly records: number;
  /** `limit` or `save`. */
  readonly reason: string;
  /** 0: no limit was why. */
  readonly limitBytes: number;
  readonly words: string;
}

export interface ProcessJson {
  readonly index: number;
  readonly pid: number;
  readonly parentPid: number;
  readonly language: string;
  readonly argv: string;
  readonly version: string;
  readonly startNs: number;
  readonly endNs: number | null;
  /**
   * `virtual`: at least a part ran on the library's virtual clock, so its times are not real time.
   */
  readonly clock: 'real' | 'virtual';
  readonly exitCode: number | null;
  readonly signal: number | null;
  /**
   * How it ended: exit, uncaught, called, fork-exit, signal, replaced. `terminated`: its parent
   * recorded its end, it did not. `lost`: its end was not recorded at all. null: it still runs.
   */
  readonly ended: string | null;
  /** Up to when something is known of it. */
  readonly knownUntilNs: number;
  /**
   * Why nothing is known after that: running, killed, limit, disk, permission. null: it ended then.
   */
  readonly unknownBecause: string | null;
  /** When no thread of it ran, since it was stopped from outside. Absent: it was not. */
  readonly stops?: readonly { readonly fromNs: number; readonly toNs: number }[];
  /** What the instrument recorded about itself: on, off, fault, unseen, seen. */
  readonly news: readonly { readonly what: string; readonly text: string; readonly count: number }[];
}

export interface LaneJson {
  readonly process: number;
  readonly number: number;
  readonly kind: string;
  readonly name: string;
  readonly startNs: number;
  readonly endNs: number | null;
  /** Up to when something is known of it, and why not further: see `ProcessJson`. */
  readonly knownUntilNs: number;
  readonly unknownBecause: string | null;
  /** Time in which it executed a recorded task. */
  readonly busyNs: number;
}

export interface TaskJson {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: string;
  readonly name: string;
  /** The name as the table and the findings show it: with "#n" where several tasks have it. */
  readonly label: string;
  readonly site: SiteJson | null;
  readonly state: 'run' | 'ready' | 'wait' | 'ended';
  readonly outcome: 'ok' | 'error' | 'cancelled' | 'terminated' | 'lost' | null;
  /** The error's name, when the outcome is one. */
  readonly error: string | null;
  readonly startNs: number;
  /** Since when it is not known what the task did: records are missing. null: all is known. */
  readonly unknownSinceNs: number | null;
  readonly endNs: number | null;
  readonly runNs: number;
  readonly readyNs: number;
  readonly waitNs: number;
  /** The first waits, as far as the limit allows; `waitCount` and `longestWait` cover all waits. */
  readonly waits: readonly WaitJson[];
  readonly waitCount: number;
  readonly longestWait: WaitJson | null;
  /**
   * What a pool's call works on, or who added the job of a queue at which this is an attempt; null:
   * the task is neither, or nobody recorded the addition.
   */
  readonly job: JobJson | null;
}

export interface JobJson {
  /** The pool, or the queue of jobs. */
  readonly pool: string | null;
  /** Index of the first item, and how many; 0 items: a call by itself. */
  readonly first: number;
  readonly items: number;
  /** The task that submitted it. */
  readonly submitter: string | null;
  /** When it was submitted; null: not recorded. */
  readonly askedNs: number | null;
  /** When the submitter's thread received the result; null: not recorded. */
  readonly heardNs: number | null;
}

export interface WaitJson {
  readonly startNs: number;
  readonly ns: number;
  /** Why, as in the record; null: not recorded. */
  readonly reason: string | null;
  /** The resource or task that was waited for; null: not recorded. */
  readonly resource: string | null;
  readonly resourceName: string | null;
  readonly site: SiteJson | null;
  /** The await stack: where each function up to the task's own was awaited, the innermost first. */
  readonly callers: readonly SiteJson[];
  /** The task that ended the wait; null: none was recorded, or the task itself did (`ownWork`). */
  readonly waker: string | null;
  /** A cancel of this task ended the wait. */
  readonly cancelled: boolean;
  /**
   * The task that cancelled it; null: the wait was not cancelled, or no task did it (a timer's
   * callback, something outside the program).
   */
  readonly cancelledBy: string | null;
  /**
   * The task's own work ended the wait: what it waited for was there already (the body of a
   * response) or came from a microtask of its own.
   */
  readonly ownWork: boolean;
  /**
   * Of a generator that rests at a `yield`, where they are known: the types of the value that it
   * gave, and of the value that it was sent or of the error that was thrown into it.
   */
  readonly gave?: string;
  readonly got?: string;
  /** The wait still went on when the recording ended. */
  readonly open: boolean;
}

export interface ResourceJson {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly capacity: number | null;
  readonly maxDepth: number;
  readonly puts: number;
  readonly gets: number;
}

export interface FindingJson {
  readonly rule: string;
  readonly severity: string;
  readonly words: string;
  readonly sites: readonly SiteJson[];
  readonly tasks: readonly string[];
}
