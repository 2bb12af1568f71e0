/** What a summary is made of. */
import type { QuerySource } from '../../trace/queries/query-source.ts';

export interface SummaryInput extends QuerySource {
  /** Indexes of the processes that still run. */
  readonly alive: ReadonlySet<number>;
}
