/** The longest wait of a row, or the one that began at a time, as its spans tell it. */
import { settledTarget } from '../model/settled-reason.ts';
import type { SpanSource } from '../model/spans.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';

/** A row with more spans waited often: its longest wait is looked for among these. */
const MAX_SPANS = 1_000_000;

/**
 * @param startNs only the wait that began then
 * @returns null: the row never waited, or its wait goes on
 */
export function longestWaitOf(
  { trace, spans }: { readonly trace: Trace; readonly spans: SpanSource },
  row: number,
  startNs?: number,
): Wait | null {
  const all = spans.spans(
    row,
    startNs ?? 0,
    startNs === undefined ? trace.endNs + 1 : startNs + 1,
    MAX_SPANS,
  );
  let longest: Wait | null = null;
  let longestNs = -1;
  for (const [i, span] of (all ?? []).entries()) {
    const ns = span.endNs - span.startNs;
    if (span.state !== State.wait || ns <= longestNs) continue;
    if (startNs !== undefined && span.startNs !== startNs) continue;
    const next = all![i + 1] ?? spans.spans(row, span.endNs, span.endNs + 1, MAX_SPANS)?.at(-1);
    if (next === undefined || next.startNs === span.startNs) continue;
    const { ref: waker, target: cause } = next;
    const target = settledTarget(trace, span.target, waker, cause);
    longestNs = ns;
    longest = {
      row,
      startNs: span.startNs,
      endNs: span.endNs,
      reason: span.reason,
      target,
      site: span.ref,
      waker,
      cause,
    };
  }
  return longest;
}
