/** What a debugger reads of a recording: the model, the queries, and the steps, of one fold. */
import type { Observer } from '../trace/fold/observer.ts';
import { Trace } from '../trace/model/trace.ts';
import { type QueryRun, type QuerySource, startQueries } from '../trace/queries/query-source.ts';
import { LevelHistories } from './level-histories.ts';
import { StepLog } from './step-log.ts';

export class DebugRecording {
  readonly trace = new Trace();
  readonly log = new StepLog(this.trace);
  readonly levels = new LevelHistories();
  readonly observers: readonly Observer[];
  readonly troubles: string[] = [];
  readonly #queries: QueryRun = startQueries(this.trace, { hasProof: true });
  #source: QuerySource | null = null;
  #asOf = -1;

  constructor() {
    this.observers = [...this.#queries.observers, this.log, this.levels];
  }

  /** What questions are answered from, as of the records that were read. */
  get source(): QuerySource {
    const { events, isOver } = this.trace;
    const asOf = events * 2 + (isOver ? 1 : 0);
    if (this.#source === null || this.#asOf !== asOf) {
      this.#source = this.#queries.source(this.troubles);
      this.#asOf = asOf;
    }
    return this.#source;
  }
}
