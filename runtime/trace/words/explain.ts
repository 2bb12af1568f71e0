/**
 * Why a wait took as long as it did: walk from its end to the waker, and through what the
 * waker did over the same interval. Shares add up, and the unexplained rest is named.
 *
 *   wait of B   ├──────────────────────────────┤
 *   waker A     ┤  run 1.10 s          │ ready ├   → "A was running 1.10 s (92 %), then ready 0.08 s"
 *
 * Where the waker itself mostly waited, its longest wait is explained the same way, a few levels down. Where that ends with the
 * world, whoever held the thread meanwhile is named: until it is free, no answer from outside is heard.
 */
import { REASON } from '../format/kinds.ts';
import { State } from '../fold/observer.ts';
import type { Target } from '../fold/observer.ts';
import { settledReason, timerOf } from '../model/settled-reason.ts';
import type { Trace } from '../model/trace.ts';
import { duration, share } from './duration.ts';
import { sitePart, taskPart, tasksPart } from './names.ts';
import { nowOf } from '../model/times-so-far.ts';
import type { Part, Sentence } from './sentence.ts';
import { describeWait, endedBy, describeTarget } from './wait.ts';
import type { Wait } from './wait.ts';

/** One span of a row. `ref`: wait → site; run and ready → waker (−1 none). */
export interface Span {
  readonly startNs: number;
  readonly endNs: number;
  readonly state: number;
  readonly reason: number;
  readonly ref: number;
  readonly target: Target;
}

/** Where spans can be looked up: the columns of the panel, or a log of the command line. */
export interface SpanSource {
  /** The row's spans that touch [fromNs, toNs), in order, not cut. At most `limit`; null when there are more. */
  spans(row: number, fromNs: number, toNs: number, limit: number): readonly Span[] | null;
  /** The rows that kept the lane for `leastNs` or more at a time, whoever had most first; null, or no such method: not known. */
  holders?(lane: number, fromNs: number, toNs: number, leastNs: number): readonly Holder[] | null;
}

export interface Holder {
  readonly row: number;
  readonly ns: number;
}

const TIMER = REASON.timer;

/** A run shorter than this share of a wait does not hold the thread, and all of them must come to twice that. */
const MIN_HOLD = 1 / 20;

/** From this share on the shares of the one are those of the other. */
const SAME = 0.95;

const MAX_SPANS = 10_000;
const MAX_LEVELS = 4;

/** The whole explanation, a sentence an element: the first alone answers the question. */
export function explainWait(trace: Trace, source: SpanSource, wait: Wait): Sentence[] {
  const sentences = [describeWait(trace, wait)];
  const ended = endedBy(trace, wait);
  if (ended.length > 0) sentences.push(ended);
  const endNs = wait.endNs ?? nowOf(trace, wait.row);
  const seen = new Set([wait.row]);
  // What a timer's callback did before it was called is nothing.
  const ender = wait.waker >= 0 && timerOf(trace, wait.waker) < 0 ? wait.waker : -1;
  // Nor has what it waited for to do with its end when it was cancelled.
  const isCancelled = trace.cancels.cancelThatEnded(trace, wait) !== null;
  let waker = isCancelled ? -1 : ender >= 0 ? ender : wait.target > 0 ? wait.target - 1 : -1;
  let from = wait.startNs;
  let to = endNs;
  let last = wait.row;
  let reason = settledReason(trace, wait.reason, wait.waker, wait.target);
  for (let level = 0; level < MAX_LEVELS && waker >= 0; level++) {
    const row = trace.rowOf(waker);
    if (seen.has(row)) return sentences;
    seen.add(row);
    const walk = walkSpans(trace, source, row, from, to, whenOf(trace, wait, last, from, to));
    if (!walk) return sentences;
    sentences.push(walk.sentence);
    if (!walk.longest || walk.longest.endNs - walk.longest.startNs < (to - from) / 4) return sentences;
    // What a timer's callback did before it was called is nothing, here as well.
    waker = walk.longest.waker >= 0 && timerOf(trace, walk.longest.waker) < 0 ? walk.longest.waker : -1;
    from = Math.max(from, walk.longest.startNs);
    to = Math.min(to, walk.longest.endNs);
    last = row;
    ({ reason } = walk.longest);
  }
  if (waker < 0 && !isCancelled) {
    const when = whenOf(trace, wait, last, from, to);
    sentences.push(...heldBy(trace, source, last, from, to, reason === TIMER, when));
  }
  return sentences;
}

/** What shares below the first level are of: not of the wait that is explained, but of the longest one of whoever ended that. */
function whenOf(trace: Trace, wait: Wait, last: number, from: number, to: number): Sentence {
  const wholeNs = (wait.endNs ?? nowOf(trace, wait.row)) - wait.startNs;
  if (last === wait.row || to - from > wholeNs * SAME) return ['Meanwhile '];
  return ['In the longest wait of ', taskPart(trace, last), `, ${duration(to - from)}, `];
}

/** "Meanwhile the thread was held for 281 ms (84 %) by handle#1 and handle#3.": nothing where nobody did. */
function heldBy(
  trace: Trace,
  source: SpanSource,
  row: number,
  from: number,
  to: number,
  forTimer: boolean,
  when: Sentence,
): Sentence[] {
  const whole = to - from;
  const lane = trace.tasks.lane[row]!;
  const least = whole * MIN_HOLD;
  const holders = whole > 0 ? (source.holders?.(lane, from, to, least) ?? []) : [];
  // A timer comes late only when the thread is held to the last.
  if (forTimer && !source.holders?.(lane, to - least, to, least * 0.9)?.length) return [];
  const ns = holders.reduce((sum, holder) => sum + holder.ns, 0);
  if (holders.length === 0 || ns < least * 2) return [];
  const rows = holders.map((holder) => holder.row);
  const words = `the thread was held for ${duration(ns)} (${share(ns, whole)}) by `;
  return [[...when, words, ...tasksPart(trace, rows), '.']];
}

interface Walk {
  readonly sentence: Sentence;
  readonly longest: (Pick<Span, 'startNs' | 'endNs' | 'reason'> & { readonly waker: number }) | null;
}

function walkSpans(
  trace: Trace,
  source: SpanSource,
  row: number,
  from: number,
  to: number,
  when: Sentence,
): Walk | null {
  const spans = source.spans(row, from, to, MAX_SPANS);
  if (!spans || to <= from) return null;
  let runNs = 0;
  let readyNs = 0;
  let waitNs = 0;
  let longest: Span | null = null;
  let longestWaker = -1;
  let longestNs = 0;
  spans.forEach((span, i) => {
    const ns = Math.min(to, span.endNs) - Math.max(from, span.startNs);
    if (ns <= 0) return;
    if (span.state === State.run) runNs += ns;
    else if (span.state === State.ready) readyNs += ns;
    else if (span.state === State.wait) {
      waitNs += ns;
      if (ns > longestNs) {
        longest = span;
        longestNs = ns;
        longestWaker = spans[i + 1]?.ref ?? -1;
      }
    }
  });
  const whole = to - from;
  const shares: Part[][] = [];
  const found = longest as Span | null;
  // Shares below one in a hundred are left out, and stay far below what is called unexplained.
  const least = whole / 100;
  const unbornNs = Math.max(0, Math.min(to, trace.tasks.beganNs[row]!) - from);
  if (unbornNs > least) shares.push([`not begun for ${duration(unbornNs)} (${share(unbornNs, whole)})`]);
  if (runNs > least) shares.push([`running for ${duration(runNs)} (${share(runNs, whole)})`]);
  if (readyNs > least)
    shares.push([`ready but without the thread for ${duration(readyNs)} (${share(readyNs, whole)})`]);
  if (waitNs > least && found) {
    const words: Part[] = [`waiting for ${duration(waitNs)} (${share(waitNs, whole)})`];
    if (found.ref >= 0) words.push(', longest at ', sitePart(trace, found.ref));
    words.push(...describeTarget(trace, { reason: found.reason, target: found.target, site: found.ref }));
    shares.push(words);
  }
  const rest = whole - unbornNs - runNs - waitNs - readyNs;
  if (shares.length === 0) return null;
  const words: Part[] = [...when, taskPart(trace, row), ' was '];
  shares.forEach((part, i) => {
    if (i > 0) words.push(i === shares.length - 1 ? ' and ' : ', ');
    words.push(...part);
  });
  words.push('.');
  if (rest > least) words.push(` ${duration(rest)} unexplained.`);
  return {
    sentence: words,
    longest: found && { ...found, waker: longestWaker },
  };
}
