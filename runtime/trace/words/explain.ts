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
import { cancelThatEnded } from '../model/cut-short.ts';
import type { Span, SpanSource } from '../model/spans.ts';
import { REASON } from '../format/kinds.ts';
import { State, taskOfTarget } from '../model/state.ts';
import { settledReason, timerOf } from '../model/settled-reason.ts';
import type { Trace } from '../model/trace.ts';
import { duration, share } from './duration.ts';
import { sitePart, taskPart, tasksPart } from './names.ts';
import { nowOf } from '../model/times-so-far.ts';
import type { Part, Sentence } from './sentence.ts';
import { describeWait, endedBy, describeTarget } from './wait.ts';
import type { Wait } from '../model/wait.ts';

/** A run shorter than this share of a wait does not hold the thread, and all of them must come to twice that. */
const MIN_HOLD = 1 / 20;

/** From this share on the shares of the one are those of the other. */
const SAME = 0.95;

const MAX_SPANS = 10_000;
const MAX_LEVELS = 4;

/** A stretch of a row's time that is looked through, and how a sentence about it begins. */
interface Stretch {
  readonly row: number;
  readonly fromNs: number;
  readonly toNs: number;
}

/** The whole explanation, a sentence an element: the first alone answers the question. */
export function explainWait(trace: Trace, source: SpanSource, wait: Wait): Sentence[] {
  const sentences = [describeWait(trace, wait)];
  const ended = endedBy(trace, wait);
  if (ended.length > 0) sentences.push(ended);
  const seen = new Set([wait.row]);
  // A timer's callback did nothing before it was called.
  const ender = wait.waker >= 0 && timerOf(trace, wait.waker) < 0 ? wait.waker : -1;
  // A cancelled wait did not end by what it was for.
  const isCancelled = cancelThatEnded(trace, wait) !== null;
  let waker = isCancelled ? -1 : ender >= 0 ? ender : taskOfTarget(wait.target);
  let last: Stretch = {
    row: wait.row,
    fromNs: wait.startNs,
    toNs: wait.endNs ?? nowOf(trace, wait.row),
  };
  let reason = settledReason(trace, wait.reason, wait.waker, wait.target);
  for (let level = 0; level < MAX_LEVELS && waker >= 0; level++) {
    const row = trace.rowOf(waker);
    if (seen.has(row)) return sentences;
    seen.add(row);
    const { fromNs, toNs } = last;
    const walk = walkSpans(trace, source, { row, fromNs, toNs }, whenOf(trace, wait, last));
    if (!walk) return sentences;
    sentences.push(walk.sentence);
    const { longest } = walk;
    if (!longest || longest.endNs - longest.startNs < (toNs - fromNs) / 4) return sentences;
    waker = longest.waker >= 0 && timerOf(trace, longest.waker) < 0 ? longest.waker : -1;
    last = {
      row,
      fromNs: Math.max(fromNs, longest.startNs),
      toNs: Math.min(toNs, longest.endNs),
    };
    ({ reason } = longest);
  }
  if (waker < 0 && !isCancelled)
    sentences.push(...heldBy(trace, source, last, reason === REASON.timer, whenOf(trace, wait, last)));
  return sentences;
}

/**
 * What the shares of a sentence are of. Below the first level they are of the longest wait of the last
 * row, not of the wait that is explained.
 */
function whenOf(trace: Trace, wait: Wait, { row, fromNs, toNs }: Stretch): Sentence {
  const wholeNs = (wait.endNs ?? nowOf(trace, wait.row)) - wait.startNs;
  if (row === wait.row || toNs - fromNs > wholeNs * SAME) return ['Meanwhile '];
  return ['In the longest wait of ', taskPart(trace, row), `, ${duration(toNs - fromNs)}, `];
}

/** "Meanwhile the thread was held for 281 ms (84 %) by handle#1 and handle#3."; nothing if it was not. */
function heldBy(
  trace: Trace,
  source: SpanSource,
  { row, fromNs, toNs }: Stretch,
  isForTimer: boolean,
  when: Sentence,
): Sentence[] {
  const wholeNs = toNs - fromNs;
  const lane = trace.tasks.lane[row]!;
  const minNs = wholeNs * MIN_HOLD;
  const holders = wholeNs > 0 ? (source.holders?.(lane, { fromNs, toNs }, minNs) ?? []) : [];
  // A timer comes late only when the thread is held to the end of the wait.
  const tail = { fromNs: toNs - minNs, toNs };
  if (isForTimer && !source.holders?.(lane, tail, minNs * 0.9)?.length) return [];
  const ns = holders.reduce((sum, holder) => sum + holder.ns, 0);
  if (holders.length === 0 || ns < minNs * 2) return [];
  const rows = holders.map((holder) => holder.row);
  const words = `the thread was held for ${duration(ns)} (${share(ns, wholeNs)}) by `;
  return [[...when, words, ...tasksPart(trace, rows), '.']];
}

interface Walk {
  readonly sentence: Sentence;
  readonly longest: (Pick<Span, 'startNs' | 'endNs' | 'reason'> & { readonly waker: number }) | null;
}

function walkSpans(
  trace: Trace,
  source: SpanSource,
  { row, fromNs: from, toNs: to }: Stretch,
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
