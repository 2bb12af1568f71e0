/** What a path is read from. */
import type { IndexedSpans } from '../model/spans.ts';
import type { Trace } from '../model/trace.ts';
import type { LinkedAnswers } from './linked-answers.ts';

export interface PathSource {
  readonly trace: Trace;
  readonly spans: IndexedSpans;
  readonly answers: LinkedAnswers;
}
