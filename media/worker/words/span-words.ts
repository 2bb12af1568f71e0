/**
 * Words about one span: its label, its state, its sentences. What can be said of any trace is said
 * by runtime/trace/words. Here the panel's columns are only read for it.
 */
import { Class, CLASS_OF_CODE, reasonOf, stateOf } from '../../../runtime/trace/columns/classes.ts';
import type { TrackSpan } from '../../../runtime/trace/columns/tracks.ts';
import { OUTCOMES, REASONS } from '../../../runtime/trace/format/kinds.ts';
import type { Span as UnpackedSpan } from '../../../runtime/trace/model/spans.ts';
import { resourceOfTarget, State, taskOfTarget } from '../../../runtime/trace/model/state.ts';
import { plain, type Sentence } from '../../../runtime/trace/words/sentence.ts';
import { describeSpan, describePause } from '../../../runtime/trace/words/span.ts';
import { describeTarget } from '../../../runtime/trace/words/wait.ts';
import { laneName } from './row-names.ts';
import { withoutKind } from './tree-name.ts';
import type { Row } from '../session/row-tree.ts';
import type { Session } from '../session/session.ts';

/** What is written on a span that is wide enough; '': nothing. A wait says first for whom it is. */
export function spanLabel(session: Session, row: Row, span: TrackSpan): string {
  const { trace } = session;
  if (row.kind === 'lane') return span.ref >= 0 ? withoutKind(trace.labelOf(trace.rowOf(span.ref))) : '';
  if (stateOf(span.code) !== State.wait) return '';
  const what = waitLabel(session, row, span);
  // A timer's own callback is no news.
  if (CLASS_OF_CODE[span.code] === Class.idle) return what;
  const whom = whomLabel(session, row.index, span);
  return whom === '' ? what : `← ${withoutKind(whom)} · ${what}`;
}

/** The awaited text, or what the wait is for; behind the function that awaits, if it is a frame. */
function waitLabel({ trace }: Session, row: Row, span: TrackSpan): string {
  const site = trace.sites[span.ref];
  if (site && site.text !== '') {
    const frame = frameOf(trace, row.index, site.fn);
    return frame === '' ? site.text : `${frame} › ${site.text}`;
  }
  if (span.target > 0) return trace.labelOf(span.target - 1);
  if (span.target < 0) return trace.resources[-span.target - 1]?.name ?? '';
  return REASONS[reasonOf(span.code)] ?? '';
}

/** The function, if the row waits in one that it called and awaited; '': it waits in its own. */
export function frameOf(trace: Session['trace'], row: number, fn: string): string {
  if (fn === '' || fn.startsWith('<')) return '';
  const ownFn = trace.sites[trace.tasks.site[row]!]?.fn ?? '';
  return fn === ownFn || fn === trace.nameOf(row) ? '' : fn;
}

/**
 * Who ended the wait, or who is to end it: the task, or the holders of the resource. '': the world,
 * or nobody of whom there is a record.
 */
function whomLabel(session: Session, row: number, span: TrackSpan): string {
  const { trace, columns, holders } = session;
  const { rows } = columns;
  const isOpen = span.index + 1 >= rows.count(row);
  const inRing = isOpen ? session.ringWaits.get(row) : undefined;
  if (inRing !== undefined) return inRing.map((to) => trace.labelOf(to)).join(', ');
  const waker = isOpen ? -1 : rows.span(row, span.index + 1).ref;
  const task = waker >= 0 ? waker : taskOfTarget(span.target);
  if (task >= 0) return trace.rowOf(task) === row ? '' : threadOrTask(session, task, row);
  const resource = resourceOfTarget(span.target);
  if (resource < 0) return '';
  const others = holders.holdersAt(resource, span.startNs).filter((holder) => holder !== row);
  return others.map((holder) => trace.labelOf(holder)).join(', ');
}

/** Of another thread its name: which of its callbacks it was says less. */
function threadOrTask(session: Session, task: number, row: number): string {
  const { trace } = session;
  const { lane } = trace.tasks;
  return lane[task] === lane[row] ? trace.labelOf(trace.rowOf(task)) : laneName(session, lane[task]!);
}

/** As in "waits for I/O"; `idle` if nothing was going on. */
export function stateWords(session: Session, span: TrackSpan): string {
  const state = stateOf(span.code);
  const reason = reasonOf(span.code);
  if (state === State.run) return 'runs';
  if (state === State.ready) return 'is ready, but another has the thread';
  if (state === State.ended) return `ended (${OUTCOMES[reason] || 'unknown'})`;
  if (state === State.paused) return describePause(reason);
  if (state !== State.wait) return 'idle';
  return `waits${plain(describeTarget(session.trace, { reason, target: span.target, site: span.ref }))}`;
}

/** What it was, how long it took and why, and what others did meanwhile. */
export function spanSentences(session: Session, row: number, span: TrackSpan): Sentence[] {
  const { trace, columns } = session;
  const { rows } = columns;
  const hasNext = span.index + 1 < rows.count(row);
  const next = hasNext ? unpackSpan(session, row, rows.span(row, span.index + 1)) : null;
  return describeSpan(trace, columns, row, unpackSpan(session, row, span), next);
}

/** The sentences about a task's last span if it is a wait: it goes on, or never ended. */
export function openWaitSentences(session: Session, row: number): Sentence[] {
  const { rows } = session.columns;
  const last = rows.count(row) - 1;
  const span = last < 0 ? null : rows.span(row, last);
  return span && stateOf(span.code) === State.wait ? spanSentences(session, row, span) : [];
}

/** As runtime/trace/words reads spans. An open span lasts as long as is known. */
function unpackSpan(session: Session, row: number, span: TrackSpan): UnpackedSpan {
  return {
    startNs: span.startNs,
    endNs: span.endNs ?? session.columns.rowUntilNs(row),
    state: stateOf(span.code),
    reason: reasonOf(span.code),
    ref: span.ref,
    target: span.target,
  };
}
