/**
 * A finding is a claim about a trace, in words, with what proves it. A finding = a rule + its test
 * + a row in registry.ts.
 *
 * A rule may touch three things: the trace, which it reads; the events of the fold that it
 * observes; and state of its own that it gathers from them. It reads no clock and no setting, and
 * never writes to the trace. So a finding is a pure function of the records folded so far, and two
 * readers at the same prefix cannot disagree. `findings()` may be asked at any time and any number
 * of times: it leaves the gathered state as it is. A rule imports `format`, `model`, `words` and
 * the `Observer` types of `fold`, and shares code with other rules through a file of its own
 * (pools.ts, queue-waits.ts).
 */
import type { QuietGaps } from './quiet-gaps.ts';
import type { Observer } from '../fold/observer.ts';
import type { EventId } from '../model/event-id.ts';
import type { Trace } from '../model/trace.ts';
import type { Sentence } from '../words/sentence.ts';

export type Severity = 'info' | 'warning' | 'error';

/** One of several rows that wait for each other in a circle. */
export interface RingWait {
  readonly row: number;
  /** The row that has what it waits for. */
  readonly to: number;
  /** What that is. */
  readonly resource: number;
}

export interface Finding {
  /** The rule's name. */
  readonly rule: string;
  readonly severity: Severity;
  /** What happened, where, why, and what it cost. */
  readonly words: Sentence;
  /** Site indexes, the place to look first. */
  readonly sites: readonly number[];
  /** Task indexes. */
  readonly tasks: readonly number[];
  /** When it showed, ns from the trace's start. */
  readonly t: number;
  /**
   * When it began, ns from the trace's start: the place in the picture to look at. Absent: it has
   * no length, see `t`.
   */
  readonly sinceNs?: number;
  /**
   * Rows whose waiting, or whose end, it explains: rules that are a last resort leave them out.
   * Absent: `tasks`, if it explains the end.
   */
  readonly explains?: readonly number[];
  /** Of a circle whose links no single record tells: who waits for whom. */
  readonly ring?: readonly RingWait[];
  /** What the program gives is wrong or lacks something, however long it takes. */
  readonly isWrong?: boolean;
  /** It says why the program ended as it did, did not end, or stood still. */
  readonly explainsEnd?: boolean;
  /** What it would save to mend it, ns of the program's time; absent: it cannot be told. */
  readonly gainNs?: number;
  /**
   * The records that prove it, the most telling first: `{ process, number: trace.recordNumber }`
   * while one is folded, the `event` of a fact. Absent: they are derived from its tasks and times.
   */
  readonly events?: readonly EventId[];
}

/** A rule at work on one fold. */
export interface RuleRun extends Observer {
  /**
   * @param explained rows that findings of more exact rules name as waiting or failing; only a rule
   *   that is a last resort is given any
   */
  findings(explained: ReadonlySet<number>): Finding[];
}

export interface Rule {
  /** Unique and stable: the command line's JSON and the settings know the rule by it. */
  readonly name: string;
  /** What the rule looks for, in one sentence: for documentation and settings. */
  readonly description: string;
  /** It says only what no other rule says: it is asked last, and leaves out what they explain. */
  readonly isLastResort?: boolean;
  /** @param gaps of the same trace; it is told of each event before the rule is */
  start(trace: Trace, gaps: QuietGaps): RuleRun;
}
