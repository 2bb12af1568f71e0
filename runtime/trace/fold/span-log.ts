/**
 * Every row's spans as plain lists, for the command line and tests: simple, and about
 * 100 bytes a span. The panel has columns (trace/columns) for the same question.
 */
import type { Span, SpanSource } from '../words/explain.ts';
import type { Observer, StateNumber } from './observer.ts';
import { State } from './observer.ts';
import type { Trace } from './trace.ts';

type Open = Omit<Span, 'endNs'>;

export class SpanLog implements Observer, SpanSource {
  readonly #trace: Trace;
  readonly #rows = new Map<number, Open[]>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  changed(row: number, t: number, state: StateNumber, reason: number, ref: number, target: number): void {
    const span = { startNs: t, state, reason, ref, target };
    const spans = this.#rows.get(row);
    if (spans) spans.push(span);
    else this.#rows.set(row, [span]);
  }

  absorbed(task: number): void {
    this.#rows.delete(task);
  }

  spans(row: number, fromNs: number, toNs: number, limit: number): readonly Span[] | null {
    const all = this.#rows.get(row) ?? [];
    const found: Span[] = [];
    // The first span that may reach into the range is the one before the first that starts in it.
    for (let i = Math.max(0, firstAfter(all, fromNs) - 1); i < all.length; i++) {
      const span = all[i]!;
      if (span.startNs >= toNs) break;
      const endNs = all[i + 1]?.startNs ?? (span.state === State.ended ? span.startNs : this.#trace.endNs);
      if (endNs < fromNs) continue;
      if (found.length === limit) return null;
      found.push({ ...span, endNs });
    }
    return found;
  }
}

function firstAfter(spans: readonly Open[], t: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.startNs <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}
