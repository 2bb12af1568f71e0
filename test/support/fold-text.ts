/** The sentences that a test's records come to. */
import { SpanLog } from '../../runtime/trace/columns/span-log.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { WaitSums } from '../../runtime/trace/summaries/wait-sums.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { describeSpan } from '../../runtime/trace/words/span.ts';

export interface FoldedText {
  readonly trace: Trace;
  readonly log: SpanLog;
  readonly sums: WaitSums;
}

/** @param text records as text. */
export function foldText(text: string): FoldedText {
  const trace = new Trace();
  const log = new SpanLog(trace);
  const sums = new WaitSums(trace);
  new Fold([log, sums], trace).feed(0, fromText(text));
  return { trace, log, sums };
}

/** The sentences about one span of a row, counted from 0. */
export function describeSpanOf(text: string, row: number, index: number): string[] {
  const { trace, log } = foldText(text);
  const spans = log.spans(row, 0, Number.MAX_SAFE_INTEGER, 1000)!;
  return describeSpan(trace, log, row, spans[index]!, spans[index + 1] ?? null).map(plain);
}
