/**
 * The panel's words: sentences for the answer strip, a few lines of detail, labels on spans. What can be said of any trace
 * anywhere is said by runtime/trace/words; here it is only put together.
 */
import { OUTCOMES, REASONS, ACTIVATION_KINDS } from '../../runtime/trace/format/kinds.ts';
import { displayPath, displayPlace } from '../../runtime/trace/model/display-path.ts';
import { State } from '../../runtime/trace/model/state.ts';
import { reasonOf, stateOf } from '../../runtime/trace/columns/classes.ts';
import type { Span } from '../../runtime/trace/columns/tracks.ts';
import { duration } from '../../runtime/trace/words/duration.ts';
import type { Span as NamedSpan, SpanSource } from '../../runtime/trace/model/spans.ts';
import { type Part, type Sentence, plain } from '../../runtime/trace/words/sentence.ts';
import { describeResource } from '../../runtime/trace/words/resource.ts';
import { describeSpan, describeTask, describePause } from '../../runtime/trace/words/span.ts';
import { isOver, timesSoFar } from '../../runtime/trace/model/times-so-far.ts';
import { describeTarget } from '../../runtime/trace/words/wait.ts';
import type { DetailLine, SelectionView, SiteView } from '../messages.ts';
import type { Row } from './rows.ts';
import type { Selected, Session } from './session.ts';
import { findingView } from './overview.ts';
import { wakeOf } from './span-navigation.ts';

const task = (session: Session, index: number): Part => ({ task: index, text: session.trace.labelOf(index) });

export function siteView(session: Session, index: number): SiteView | null {
  const site = session.trace.sites[index];
  if (!site || site.file === '') return null;
  return { site: index, file: site.file, line: site.line, column: site.column, fn: site.fn, text: site.text };
}

function placePart(session: Session, index: number): Part | null {
  const site = siteView(session, index);
  return site ? { site: index, text: displayPlace(site) } : null;
}

/** The columns as the words want to look spans up in them. */
function spanSource(session: Session): SpanSource {
  const { rows } = session.columns;
  return {
    spans(row, fromNs, toNs, limit) {
      const first = Math.max(0, rows.at(row, fromNs));
      const last = rows.at(row, toNs);
      if (last - first >= limit) return null;
      const spans: NamedSpan[] = [];
      for (let i = first; i <= last; i++) spans.push(named(session, rows.span(row, i)));
      return spans;
    },
    holders: (lane, interval, minNs) => session.columns.holders(lane, interval, minNs),
  };
}

function named(session: Session, span: Span): NamedSpan {
  return {
    startNs: span.startNs,
    endNs: span.endNs ?? session.trace.endNs,
    state: stateOf(span.code),
    reason: reasonOf(span.code),
    ref: span.ref,
    target: span.target,
  };
}

/** What is written on a span that is wide enough. */
export function labelOf(session: Session, row: Row, span: Span): string {
  const { trace } = session;
  const state = stateOf(span.code);
  if (row.kind === 'lane') return span.ref >= 0 ? trace.labelOf(trace.rowOf(span.ref)) : '';
  if (state !== State.wait) return '';
  const site = trace.sites[span.ref];
  if (site && site.text !== '') return site.text;
  if (span.target > 0) return trace.labelOf(span.target - 1);
  if (span.target < 0) return trace.resources[-span.target - 1]?.name ?? '';
  return REASONS[reasonOf(span.code)] ?? '';
}

export function stateWords(session: Session, span: Span): string {
  const state = stateOf(span.code);
  if (state === State.run) return 'runs';
  if (state === State.ready) return 'is ready, but another has the thread';
  if (state === State.ended) return `ended (${OUTCOMES[reasonOf(span.code)] || 'unknown'})`;
  if (state === State.paused) return describePause(reasonOf(span.code));
  if (state !== State.wait) return 'idle';
  const what = describeTarget(session.trace, {
    reason: reasonOf(span.code),
    target: span.target,
    site: span.ref,
  });
  return `waits${plain(what)}`;
}

/** The sentences about one span: what, how long, why, and what others did meanwhile. */
function spanSentences(session: Session, row: number, span: Span): Sentence[] {
  const { rows } = session.columns;
  const next = span.index + 1 < rows.count(row) ? named(session, rows.span(row, span.index + 1)) : null;
  return describeSpan(session.trace, spanSource(session), row, named(session, span), next);
}

/** What a task waits for that goes on, or never came back: with the task as a whole, that is what one wants to know. */
function openWait(session: Session, row: number): Sentence[] {
  const { rows } = session.columns;
  const last = rows.count(row) - 1;
  const span = last < 0 ? null : rows.span(row, last);
  return span && stateOf(span.code) === State.wait ? spanSentences(session, row, span) : [];
}

export function describe(session: Session, selected: Selected): SelectionView {
  const { trace, columns } = session;
  const details: DetailLine[] = [];
  const line = (label: string, ...value: (Part | null)[]) => {
    const parts = value.filter((part) => part !== null);
    if (parts.length > 0) details.push({ label, value: parts });
  };
  const view = (why: readonly Sentence[], source: SiteView | null): SelectionView => ({
    key: `${selected.key}/${selected.index}`,
    why,
    findings:
      selected.kind === 'task'
        ? session.findings.filter(({ tasks }) => tasks.includes(selected.row)).map(findingView)
        : [],
    details,
    source,
  });

  if (selected.kind === 'task') {
    const { tasks } = trace;
    const row = selected.row;
    const span = session.span(selected);
    line('Task', task(session, row), ` · ${ACTIVATION_KINDS[tasks.kind[row]!] ?? ''} · ${trace.idOf(row)}`);
    line('Begins at', placePart(session, tasks.site[row]!));
    if (tasks.parent[row]! >= 0) line('Started by', task(session, trace.rowOf(tasks.parent[row]!)));
    line('Thread', laneName(session, tasks.lane[row]!));
    let source = siteView(session, tasks.site[row]!);
    if (span) {
      const state = stateOf(span.code);
      if (state === State.wait) {
        line('Waits at', placePart(session, span.ref));
        source = siteView(session, span.ref) ?? source;
      } else if (state === State.run && selected.index > 0) {
        // It goes on at the line it left.
        const left = columns.rows.span(row, selected.index - 1);
        const from =
          stateOf(left.code) === State.wait
            ? left
            : selected.index > 1
              ? columns.rows.span(row, selected.index - 2)
              : null;
        if (from && stateOf(from.code) === State.wait) {
          line('Goes on at', placePart(session, from.ref));
          source = siteView(session, from.ref) ?? source;
        }
      }
      line('State', stateWords(session, span));
      line('From', `${duration(span.startNs)} after the start`);
      line(
        'Lasted',
        duration((span.endNs ?? trace.endNs) - span.startNs) +
          (span.endNs !== null ? '' : isOver(trace, row) ? ', to the end' : ', and goes on'),
      );
      const wake = wakeOf(session, selected);
      if (wake) line('Woken by', wake.waker === row ? 'its own work' : task(session, wake.waker));
    }
    const { runNs, readyNs, waitNs } = timesSoFar(trace, row);
    line('In all', `ran ${duration(runNs)} · ready ${duration(readyNs)} · waited ${duration(waitNs)}`);
    const life = describeTask(trace, row);
    if (!span || stateOf(span.code) === State.ended) return view([life, ...openWait(session, row)], source);
    return view([...spanSentences(session, row, span), life], source);
  }
  if (selected.kind === 'lane') {
    const span = session.span(selected);
    const lane = trace.lanes[selected.row]!;
    line('Thread', laneName(session, selected.row));
    line('Busy', `${duration(lane.busyNs)} of ${duration(trace.endNs - lane.startNs)}`);
    if (!span) return view([[laneName(session, selected.row)]], null);
    const ns = (span.endNs ?? trace.endNs) - span.startNs;
    if (span.ref < 0)
      return view([[`Nothing of which there is a record ran here for ${duration(ns)}.`]], null);
    const row = trace.rowOf(span.ref);
    line('Executed', task(session, row));
    return view(
      [[laneName(session, selected.row), ' executed ', task(session, row), ` for ${duration(ns)}.`]],
      siteView(session, trace.tasks.site[span.ref]!),
    );
  }
  if (selected.kind === 'resource') {
    const resource = trace.resources[selected.row]!;
    line('Made at', placePart(session, resource.site));
    line('Capacity', resource.capacity === null ? 'unbounded' : String(resource.capacity));
    line('Moves', `${resource.puts} in · ${resource.gets} out · at most ${resource.maxDepth}`);
    const moves = session.columns.levels[selected.row] ?? null;
    return view(
      describeResource(trace, selected.row, moves, selected.index),
      siteView(session, resource.site),
    );
  }
  return view([], null);
}

export function laneName(session: Session, index: number): string {
  const lane = session.trace.lanes[index];
  if (!lane) return '';
  // Beside functions, "main" alone would read as one of them.
  if (lane.kind === 1 && (lane.name === '' || lane.name === 'main')) return 'main thread';
  return lane.name || `thread ${lane.number}`;
}

export function processName(session: Session, index: number): string {
  const process = session.trace.processes[index];
  if (!process) return '';
  const words = process.argv.split(' ').filter((word) => word !== '' && !word.startsWith('-'));
  const script =
    words.find((word) => /\.\w+$/.test(word) && !/(^|[/\\])(node|python3?)(\.exe)?$/.test(word)) ??
    words[0] ??
    '';
  const name = displayPath(script);
  return name === '' ? (process.pid === 0 ? `process ${index + 1}` : `process ${process.pid}`) : name;
}
