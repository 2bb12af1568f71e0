/**
 * Why a wait took as long as it did: a walk from the wait's end to its waker, and through what the
 * waker did over the same interval. Shares add up, and the unexplained rest is named.
 *
 *   wait of B   ├──────────────────────────────┤
 *   waker A     ┤  run 1.10 s          │ ready ├   → "A was running for 1.10 s (92 %) and …"
 *
 * Where the waker itself mostly waited, its longest wait is explained the same way, a few levels
 * down. Where the walk ends at the outside world, the tasks that held the thread meanwhile are
 * named: until the thread is free, no answer from outside is handled.
 */
import { ACTIVATION_KIND, REASON, numberSet } from '../format/kinds.ts';
import { cancelThatEnded } from '../model/cut-short.ts';
import { wakerOf } from '../model/peers.ts';
import { outsideOf, settledReason } from '../model/settled-reason.ts';
import type { Interval, Span, SpanSource } from '../model/spans.ts';
import { State, taskOfTarget } from '../model/state.ts';
import { nowOf } from '../model/known-until.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { duration, share } from './duration.ts';
import { sitePart, taskList, taskPart } from './parts.ts';
import type { SentencePart, Sentence } from './sentence.ts';
import { describeAwaited } from './value.ts';
import { describeTarget, describeWait, describeWaitEnd } from './wait.ts';

/**
 * A run that holds the thread lasts at least this share of the wait. All of them together must come
 * to twice that.
 */
const MIN_HOLD_SHARE = 1 / 20;

/** From this share on, an interval counts as the whole wait. */
const MIN_WHOLE_SHARE = 0.95;

/** A longest wait that took a smaller share of the interval is not explained in turn. */
const MIN_NEXT_SHARE = 1 / 4;

/** Smaller shares of an interval are not mentioned, neither known ones nor the unexplained rest. */
const MIN_NAMED_SHARE = 1 / 100;

/** From this share on it matters who began a waker that did not exist. */
const MIN_UNBORN_SHARE = 1 / 2;

const BODY_KINDS = numberSet(ACTIVATION_KIND, 'main', 'module', 'thread', 'process');

const MAX_SPANS = 10_000;
const MAX_LEVELS = 4;

/** An interval of a row's time. */
interface RowInterval extends Interval {
  readonly row: number;
}

/** The whole explanation, a sentence an element: the first alone answers the question. */
export function explainWait(trace: Trace, source: SpanSource, wait: Wait): Sentence[] {
  const sentences = [describeWait(trace, wait)];
  const end = describeWaitEnd(trace, wait);
  if (end.length > 0) sentences.push(end);
  const awaited = describeAwaited(trace, wait);
  if (awaited !== '') sentences.push([awaited]);
  // A cancelled wait did not end by what it was for.
  const isCancelled = cancelThatEnded(trace, wait) !== null;
  const seenRows = new Set([wait.row]);
  let waker = isCancelled ? -1 : activeWaker(trace, wakerOf(trace, wait));
  if (waker < 0 && !isCancelled) waker = taskOfTarget(wait.target);
  let waited: RowInterval = {
    row: wait.row,
    fromNs: wait.startNs,
    toNs: wait.endNs ?? nowOf(trace, wait.row),
  };
  let reason = settledReason(trace, wait.reason, wait.waker, wait.target);
  for (let level = 0; level < MAX_LEVELS && waker >= 0; level++) {
    const row = trace.rowOf(waker);
    if (seenRows.has(row)) return sentences;
    seenRows.add(row);
    const { fromNs, toNs } = waited;
    const times = sumSpans(source, { row, fromNs, toNs });
    if (!times) return sentences;
    const shares = describeShares(trace, times);
    if (shares.length === 0) return sentences;
    const starter = starterOf(trace, times, seenRows);
    const began: Sentence = starter < 0 ? [] : [' It was begun by ', taskPart(trace, starter), '.'];
    sentences.push([...describeInterval(trace, wait, waited), ...shares, ...began]);
    if (starter >= 0) {
      waker = starter;
      waited = { row, fromNs, toNs: Math.min(toNs, trace.tasks.beganNs[row]!) };
      continue;
    }
    const { longest } = times;
    if (!longest || longest.endNs - longest.startNs < (toNs - fromNs) * MIN_NEXT_SHARE) return sentences;
    waker = activeWaker(trace, times.longestWaker);
    waited = {
      row,
      fromNs: Math.max(fromNs, longest.startNs),
      toNs: Math.min(toNs, longest.endNs),
    };
    ({ reason } = longest);
  }
  if (waker >= 0 || isCancelled) return sentences;
  const holders = describeHolders(trace, source, waited, reason === REASON.timer);
  if (holders.length > 0) sentences.push([...describeInterval(trace, wait, waited), ...holders]);
  return sentences;
}

/**
 * The waker whose own time explains a wait: not a callback that a timer or I/O set off, which did
 * nothing before it was called.
 */
const activeWaker = (trace: Trace, waker: number): number =>
  waker >= 0 && outsideOf(trace, waker) < 0 ? waker : -1;

/**
 * The row that began a waker which did not exist for most of the interval: what that row did until
 * then explains the rest (a queue's next job is begun by who held the queue). −1: the waker
 * existed, or nothing new would be said.
 */
function starterOf(trace: Trace, { row, fromNs, toNs }: RowInterval, seenRows: ReadonlySet<number>): number {
  const { beganNs, parent } = trace.tasks;
  const unbornNs = Math.min(toNs, beganNs[row]!) - fromNs;
  if (unbornNs < (toNs - fromNs) * MIN_UNBORN_SHARE || parent[row]! < 0) return -1;
  const starter = trace.rowOf(parent[row]!);
  // A body or a parent that only waits for the whole began everything: it explains nothing.
  return seenRows.has(starter) || BODY_KINDS.has(trace.tasks.kind[starter]!) ? -1 : starter;
}

/**
 * How a sentence about an interval begins: it says what the shares are shares of. Below the first
 * level that is the longest wait of the row before, and not the wait that is explained.
 */
function describeInterval(trace: Trace, wait: Wait, { row, fromNs, toNs }: RowInterval): Sentence {
  const waitNs = (wait.endNs ?? nowOf(trace, wait.row)) - wait.startNs;
  if (row === wait.row || toNs - fromNs > waitNs * MIN_WHOLE_SHARE) return ['Meanwhile '];
  return ['In the longest wait of ', taskPart(trace, row), `, ${duration(toNs - fromNs)}, `];
}

/** "the thread was held for 281 ms (84 %) by handle#1 and handle#3."; empty when it was not. */
function describeHolders(
  trace: Trace,
  source: SpanSource,
  { row, fromNs, toNs }: RowInterval,
  isForTimer: boolean,
): Sentence {
  const wholeNs = toNs - fromNs;
  const lane = trace.tasks.lane[row]!;
  const minNs = wholeNs * MIN_HOLD_SHARE;
  const holders = wholeNs > 0 ? (source.holders?.(lane, { fromNs, toNs }, minNs) ?? []) : [];
  // A timer comes late only when the thread is held to the end of the wait.
  const tail = { fromNs: toNs - minNs, toNs };
  if (isForTimer && !source.holders?.(lane, tail, minNs * 0.9)?.length) return [];
  const heldNs = holders.reduce((sum, holder) => sum + holder.ns, 0);
  if (holders.length === 0 || heldNs < minNs * 2) return [];
  const rows = holders.map((holder) => holder.row);
  return [
    `the thread was held for ${duration(heldNs)} (${share(heldNs, wholeNs)}) by `,
    ...taskList(trace, rows),
    '.',
  ];
}

/** A row's time within an interval, by state. */
interface IntervalTimes extends RowInterval {
  runNs: number;
  readyNs: number;
  waitNs: number;
  longest: Span | null;
  /** The task that ended the longest wait; −1: none recorded. */
  longestWaker: number;
}

/** Null: the interval is empty, or has more spans than are worth a walk. */
function sumSpans(source: SpanSource, { row, fromNs, toNs }: RowInterval): IntervalTimes | null {
  const spans = source.spans(row, fromNs, toNs, MAX_SPANS);
  if (!spans || toNs <= fromNs) return null;
  const times: IntervalTimes = {
    row,
    fromNs,
    toNs,
    runNs: 0,
    readyNs: 0,
    waitNs: 0,
    longest: null,
    longestWaker: -1,
  };
  let longestNs = 0;
  for (const [i, span] of spans.entries()) {
    const ns = Math.min(toNs, span.endNs) - Math.max(fromNs, span.startNs);
    if (ns <= 0) continue;
    if (span.state === State.run) times.runNs += ns;
    else if (span.state === State.ready) times.readyNs += ns;
    else if (span.state === State.wait) {
      times.waitNs += ns;
      if (ns <= longestNs) continue;
      longestNs = ns;
      times.longest = span;
      times.longestWaker = spans[i + 1]?.ref ?? -1;
    }
  }
  return times;
}

/**
 * "A was running for 60 ms (60 %) and waiting for 40 ms (40 %) for task B."; empty: nothing is
 * known.
 */
function describeShares(trace: Trace, times: IntervalTimes): Sentence {
  const { row, fromNs, toNs, runNs, readyNs, waitNs, longest } = times;
  const wholeNs = toNs - fromNs;
  const minNs = wholeNs * MIN_NAMED_SHARE;
  const unbornNs = Math.max(0, Math.min(toNs, trace.tasks.beganNs[row]!) - fromNs);
  const timeAndShare = (ns: number): string => `for ${duration(ns)} (${share(ns, wholeNs)})`;
  const shares: SentencePart[][] = [];
  if (unbornNs > minNs) shares.push([`not begun ${timeAndShare(unbornNs)}`]);
  if (runNs > minNs) shares.push([`running ${timeAndShare(runNs)}`]);
  if (readyNs > minNs) shares.push([`ready but without the thread ${timeAndShare(readyNs)}`]);
  if (waitNs > minNs && longest) {
    const words: SentencePart[] = [`waiting ${timeAndShare(waitNs)}`];
    if (longest.ref >= 0) words.push(', longest at ', sitePart(trace, longest.ref));
    const { reason, target, ref: site } = longest;
    words.push(...describeTarget(trace, { reason, target, site }));
    shares.push(words);
  }
  if (shares.length === 0) return [];
  const words: SentencePart[] = [taskPart(trace, row), ' was '];
  shares.forEach((part, i) => {
    if (i > 0) words.push(i === shares.length - 1 ? ' and ' : ', ');
    words.push(...part);
  });
  words.push('.');
  const unexplainedNs = wholeNs - unbornNs - runNs - waitNs - readyNs;
  if (unexplainedNs > minNs) words.push(` ${duration(unexplainedNs)} unexplained.`);
  return words;
}
