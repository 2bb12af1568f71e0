/**
 * A finding is a claim about a trace, in words, with what proves it. It is a pure function
 * of the records folded so far: no clock, no memory beside the rule's own, so two readers
 * at the same prefix cannot disagree. Adding one = a rule, its test, a row in registry.ts.
 */
import type { Observer } from '../fold/observer.ts';
import type { Trace } from '../model/trace.ts';
import type { Sentence } from '../words/sentence.ts';

export type Severity = 'info' | 'warning' | 'error';

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly words: Sentence;
  /** Site indexes, the place to look first. */
  readonly sites: readonly number[];
  /** Task indexes. */
  readonly tasks: readonly number[];
  /** When it showed, ns from the trace's start. */
  readonly t: number;
  /** Since when, of what has a length: the place in the picture to look at. Absent: at `t`. */
  readonly sinceNs?: number;
}

/** What a rule gathers while the fold goes, and what it finds when asked. */
export interface RuleRun extends Observer {
  findings(): Finding[];
}

export interface Rule {
  readonly name: string;
  /** What it looks for, one line: for documentation and settings. */
  readonly says: string;
  start(trace: Trace): RuleRun;
}
