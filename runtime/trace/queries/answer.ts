/** What a query answers, before it becomes JSON, text or a page. */
import type { Severity } from '../findings/finding.ts';
import type { EventId } from '../model/event-id.ts';
import type { Sentence } from '../words/sentence.ts';

export interface Cause {
  /** The rule of the finding; of an explained wait `wait`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly words: Sentence;
  readonly sites: readonly number[];
  readonly tasks: readonly number[];
  /** Null: it cannot be told. */
  readonly gainNs: number | null;
  readonly events: readonly EventId[];
}

/** One row of the table *where the time went*. */
export interface WhereRow {
  /** −1: no line is known, or several are summed up. */
  readonly site: number;
  /** What was done or waited for: "running", "the timer setTimeout 60 ms". */
  readonly resource: string;
  readonly ns: number;
  /** Of the whole, 0 to 1. */
  readonly share: number;
}

/** What one task did at a moment. */
export interface TaskMoment {
  readonly task: number;
  readonly state: 'run' | 'ready' | 'wait' | 'paused';
  readonly sinceNs: number;
  readonly site: number;
  /** What it waited for; '': not recorded, or it did not wait. */
  readonly waitsFor: string;
  /**
   * What it came back with from this wait, or from the last one before it ran: "a string of 12
   * characters", "threw a TypeError"; '': that was not asked for, or is not known.
   */
  readonly value: string;
  /** The tasks that held it or worked for it. */
  readonly behind: readonly number[];
  readonly event: EventId | null;
}

/** Where the CPU time of all threads went, as a profiler saw it. */
export interface CpuTimes {
  /** The largest first; they add up to `wholeNs`. */
  readonly rows: readonly WhereRow[];
  readonly wholeNs: number;
  /** How often a thread was seen at work. */
  readonly samples: number;
}

/** What the calls of one handler took: a function that the world begins again and again. */
export interface HandlerTimes {
  readonly site: number;
  /** Calls that have ended. */
  readonly calls: number;
  readonly medianNs: number;
  readonly p99Ns: number;
  /** Where the time went in calls beside the median, and in the slowest hundredth. */
  readonly where: readonly WhereRow[];
  readonly whereSlowest: readonly WhereRow[];
  readonly words: Sentence;
}

export interface Answer {
  /** One sentence: the cause first, with a line and what it cost. */
  readonly verdict: Sentence;
  /** The gravest first. */
  readonly causes: readonly Cause[];
  /** The largest first; they add up to `wholeNs`. */
  readonly where: readonly WhereRow[];
  readonly wholeNs: number;
  /** Of the whole trace alone: those in whose calls most time passed. */
  readonly handlers?: readonly HandlerTimes[];
  /** Of the whole trace alone: where the CPU time went; null: no profiler was asked for. */
  readonly cpu?: CpuTimes | null;
  /** What the answer does not know, one sentence each. */
  readonly unseen: readonly string[];
  /** Of a moment: when it was, and what the tasks did. */
  readonly moment?: { readonly t: number; readonly tasks: readonly TaskMoment[] };
}
