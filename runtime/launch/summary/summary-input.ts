/** What a summary is made of. */
import type { Finding } from '../../trace/findings/finding.ts';
import type { Trace } from '../../trace/model/trace.ts';
import type { WaitSums } from '../../trace/summaries/wait-sums.ts';
import type { SpanSource } from '../../trace/model/spans.ts';

export interface SummaryInput {
  readonly trace: Trace;
  readonly spans: SpanSource;
  readonly sums: WaitSums;
  readonly findings: readonly Finding[];
  /** What is damaged or missing, one sentence each. */
  readonly troubles: readonly string[];
  /** Indexes of the processes that still run. */
  readonly alive: ReadonlySet<number>;
}
