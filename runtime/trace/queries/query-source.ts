/** What all queries are answered from, and how it is gathered: by observers of one fold. */
import { SpanLog } from '../columns/span-log.ts';
import type { Finding } from '../findings/finding.ts';
import { startRules } from '../findings/registry.ts';
import type { Observer } from '../fold/observer.ts';
import { HolderLog } from '../graph/holder-log.ts';
import { LinkedAnswers } from '../graph/linked-answers.ts';
import type { PathSource } from '../graph/path-source.ts';
import type { Trace } from '../model/trace.ts';
import { WaitSums } from '../summaries/wait-sums.ts';
import { EventLog } from './event-log.ts';
import { LineWaits } from './line-waits.ts';

/** What the answer about a whole trace is made of. */
export interface AnswerSource extends PathSource {
  readonly sums: WaitSums;
  /** Absent: claims carry no event ids. */
  readonly events?: EventLog;
  /** The gravest first. */
  readonly findings: readonly Finding[];
  /** What is damaged or missing, one sentence each. */
  readonly troubles: readonly string[];
}

export interface QuerySource extends AnswerSource {
  readonly spans: SpanLog;
  readonly holders: HolderLog;
  readonly lineWaits: LineWaits;
}

export interface QueryOptions {
  /** Answers name the records that prove them; 12 bytes a change of a task. */
  readonly hasProof: boolean;
}

/** Observers for a fold into `trace`, and what they gathered. */
export interface QueryRun {
  readonly observers: readonly Observer[];
  /** As of the records folded so far. */
  source(troubles: readonly string[]): QuerySource;
}

export function startQueries(trace: Trace, { hasProof }: QueryOptions): QueryRun {
  const rules = startRules(trace);
  const spans = new SpanLog(trace);
  const events = hasProof ? new EventLog(trace, spans) : null;
  const sums = new WaitSums(trace);
  const holders = new HolderLog(trace);
  const lineWaits = new LineWaits(trace);
  return {
    observers: [...rules.observers, spans, ...(events === null ? [] : [events]), sums, holders, lineWaits],
    source: (troubles) => {
      let findings: readonly Finding[] | null = null;
      return {
        trace,
        spans,
        ...(events === null ? {} : { events }),
        sums,
        holders,
        lineWaits,
        answers: new LinkedAnswers(trace),
        // Looked for when they are asked for: not every question needs them.
        get findings() {
          return (findings ??= rules.findings());
        },
        troubles,
      };
    },
  };
}
