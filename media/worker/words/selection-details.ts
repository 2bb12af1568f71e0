/**
 * What the page shows of the selection: sentences, lines of detail, findings, and the line of the
 * source it belongs to. The sentences themselves are made by runtime/trace/words.
 */
import { countsAt, type QueueTracks } from '../../../runtime/trace/columns/queue-levels.ts';
import { stateOf } from '../../../runtime/trace/columns/classes.ts';
import type { TrackSpan } from '../../../runtime/trace/columns/tracks.ts';
import { State } from '../../../runtime/trace/model/state.ts';
import { ACTIVATION_KINDS } from '../../../runtime/trace/format/kinds.ts';
import { untilOf } from '../../../runtime/trace/model/known-until.ts';
import { isOver, timesSoFar } from '../../../runtime/trace/model/times-so-far.ts';
import { displayPlace } from '../../../runtime/trace/model/display-path.ts';
import { describeCountedFrom } from '../../../runtime/trace/words/kept.ts';
import { duration } from '../../../runtime/trace/words/duration.ts';
import { describeUnknown } from '../../../runtime/trace/words/loss.ts';
import { countsInWords, describeJobQueue } from '../../../runtime/trace/words/job-queue.ts';
import { describeResource } from '../../../runtime/trace/words/resource.ts';
import type { SentencePart, Sentence } from '../../../runtime/trace/words/sentence.ts';
import { describeTask } from '../../../runtime/trace/words/span.ts';
import type { DetailLine, SelectionView, SiteView } from '../../messages.ts';
import { toFindingView } from './overview.ts';
import { laneName } from './row-names.ts';
import type { Selected, Session } from '../session/session.ts';
import { wakeOf } from '../session/span-navigation.ts';
import { openWaitSentences, spanSentences, stateWords } from './span-words.ts';

/** What each kind of row has to say. */
interface Description {
  readonly sentences: readonly Sentence[];
  readonly details: readonly DetailLine[];
  readonly source: SiteView | null;
}

export function describeSelection(session: Session, selected: Selected): SelectionView {
  const { kind, row, index, key } = selected;
  const isAbout = ({ tasks }: { readonly tasks: readonly number[] }) => tasks.includes(row);
  return {
    key: `${key}/${index}`,
    findings: kind === 'task' ? session.findings.filter(isAbout).map(toFindingView) : [],
    ...describeByKind(session, selected),
  };
}

function describeByKind(session: Session, selected: Selected): Description {
  switch (selected.kind) {
    case 'task':
      return describeTaskSelection(session, selected);
    case 'lane':
      return describeLane(session, selected);
    case 'resource':
      return describeResourceSelection(session, selected);
    case 'process':
    case 'ended':
      return { sentences: [], details: [], source: null };
  }
}

function describeTaskSelection(session: Session, selected: Selected): Description {
  const { trace } = session;
  const { tasks } = trace;
  const { row } = selected;
  const span = session.spanOf(selected);
  const site = tasks.site[row]!;
  const parent = tasks.parent[row]!;
  const kind = ACTIVATION_KINDS[tasks.kind[row]!] ?? '';
  const { runNs, readyNs, waitNs } = timesSoFar(trace, row);
  const place = span ? spanPlace(session, selected, span) : null;
  const details = lines(
    line('Task', taskLink(session, row), ` · ${kind} · ${trace.idOf(row)}`),
    line('Begins at', siteLink(session, site)),
    parent >= 0 && line('Started by', taskLink(session, trace.rowOf(parent))),
    ...jobLines(session, row),
    line('Thread', laneName(session, tasks.lane[row]!)),
    place && line(place.label, siteLink(session, place.site)),
    ...(span ? spanLines(session, selected, span) : []),
    line('In all', `ran ${duration(runNs)} · ready ${duration(readyNs)} · waited ${duration(waitNs)}`),
  );
  const life = describeTask(trace, row);
  const isWhole = !span || stateOf(span.code) === State.ended;
  return {
    sentences: isWhole
      ? [life, ...openWaitSentences(session, row)]
      : [...spanSentences(session, row, span), life],
    details,
    source: (place && placeView(session, place)) ?? siteView(session, site),
  };
}

/** Of an attempt at a job of a queue: the chain that it belongs to, to follow. */
function jobLines(session: Session, row: number): (DetailLine | false | null)[] {
  const { jobs, links, resources } = session.trace;
  const queue = jobs.queueOfAttempt(row);
  if (queue < 0) return [];
  const asker = jobs.lineOf(row)?.by ?? -1;
  const job = jobs.addedJob(row);
  const before = jobs.takenOverFrom(row);
  const next = jobs.nextOf(row);
  const hearer = links.answerOf(row)?.receiver ?? -1;
  return [
    line('Queue', { resource: queue, text: resources[queue]!.name }),
    asker >= 0 && line('Asked for by', taskLink(session, asker)),
    job >= 0 && line('Added at', siteLink(session, resources[job]!.site)),
    before >= 0 && line('Begun before as', taskLink(session, before)),
    next >= 0 && line('Next attempt', taskLink(session, next)),
    hearer >= 0 && line('Result to', taskLink(session, session.trace.rowOf(hearer))),
  ];
}

interface SpanPlace {
  readonly label: string;
  readonly site: number;
  /** Of a run: the await that it came from; −1: none is known. */
  readonly from: number;
}

/** The line where a span waits; the line that ran: where it was held, else the one it came to. */
function spanPlace(session: Session, selected: Selected, span: TrackSpan): SpanPlace | null {
  const state = stateOf(span.code);
  if (state === State.wait) return { label: 'Waits at', site: span.ref, from: -1 };
  if (state !== State.run) return null;
  const from = waitBefore(session, selected);
  const held = heldPlace(session, selected, span);
  if (held >= 0) return { label: 'Ran at', site: held, from: -1 };
  const came = waitBehind(session, selected);
  if (came >= 0) return { label: 'Ran up to', site: came, from };
  return from >= 0 ? { label: 'Goes on at', site: from, from: -1 } : null;
}

/** The site of the wait that a run comes from; −1: there is none. */
function waitBefore({ columns: { rows } }: Session, { row, index }: Selected): number {
  // Between the wait and the run there may be a span in which the task was ready.
  for (let back = 1; back <= Math.min(2, index); back++) {
    const before = rows.span(row, index - back);
    if (stateOf(before.code) === State.wait) return before.ref;
  }
  return -1;
}

/** Where the run came to: its next wait, or where the task ended; −1: not recorded. */
function waitBehind({ trace, columns: { rows } }: Session, { row, index }: Selected): number {
  if (index + 1 >= rows.count(row)) return -1;
  const behind = rows.span(row, index + 1);
  const state = stateOf(behind.code);
  if (state === State.wait) return behind.ref;
  return state === State.ended ? trace.tasks.endSite[row]! : -1;
}

/** The line at which a run was seen longest; −1: it was not looked at. */
function heldPlace({ trace }: Session, { row }: Selected, span: TrackSpan): number {
  const endNs = span.endNs ?? trace.endNs;
  const nsBySite = new Map<number, number>();
  for (const hold of trace.holds.within(trace.tasks.lane[row]!, span.startNs, endNs)) {
    if (hold.site < 0 || (hold.task >= 0 && trace.rowOf(hold.task) !== row)) continue;
    const ns = Math.min(hold.untilNs, endNs) - Math.max(hold.sinceNs, span.startNs);
    nsBySite.set(hold.site, (nsBySite.get(hold.site) ?? 0) + ns);
  }
  let longest = -1;
  for (const [site, ns] of nsBySite) if (ns > (nsBySite.get(longest) ?? 0)) longest = site;
  return longest;
}

function spanLines(session: Session, selected: Selected, span: TrackSpan): (DetailLine | null)[] {
  const { trace } = session;
  const { row } = selected;
  const lasted = duration(session.endNsOf(selected, span) - span.startNs);
  const unknown = describeUnknown(trace, row);
  const goesOn = unknown !== null ? `; ${unknown}` : isOver(trace, row) ? ', to the end' : ', and goes on';
  const wake = wakeOf(session, selected);
  return [
    line('State', stateWords(session, span)),
    line('From', describeStart(span.startNs - session.firstNs)),
    line('Lasted', span.endNs === null ? lasted + goesOn : lasted),
    wake && line('Woken by', wake.waker === row ? 'its own work' : taskLink(session, wake.waker)),
  ];
}

function describeStart(sinceFirstNs: number): string {
  if (sinceFirstNs < 0) return `${duration(-sinceFirstNs)} before the program's first line`;
  return `${duration(sinceFirstNs)} after the program's first line`;
}

function describeLane(session: Session, selected: Selected): Description {
  const { trace } = session;
  const lane = trace.lanes[selected.row]!;
  const name = laneName(session, selected.row);
  const span = session.spanOf(selected);
  const row = span && span.ref >= 0 ? trace.rowOf(span.ref) : null;
  const details = lines(
    line('Thread', name),
    line('Busy', `${duration(lane.busyNs)} of ${duration(untilOf(trace, lane) - lane.startNs)}`),
    row !== null && line('Executed', taskLink(session, row)),
  );
  if (!span) return { sentences: [[name]], details, source: null };
  const lasted = duration(session.endNsOf(selected, span) - span.startNs);
  if (row === null)
    return {
      sentences: [[`Nothing of which there is a record ran here for ${lasted}.`]],
      details,
      source: null,
    };
  return {
    sentences: [[name, ' executed ', taskLink(session, row), ` for ${lasted}.`]],
    details,
    source: siteView(session, trace.tasks.site[span.ref]!),
  };
}

/** A queue of jobs, of which several processes may have a part. */
function describeJobQueueSelection(
  session: Session,
  { row, index }: Selected,
  tracks: QueueTracks,
): Description {
  const { trace } = session;
  const { all } = tracks;
  const t = index < 0 || index >= all.count ? null : all.time(index);
  const at = t === null ? null : { t, counts: countsAt(tracks, t), by: all.by(index) };
  const now = countsAt(tracks, trace.endNs);
  const { key, site } = trace.resources[row]!;
  return {
    sentences: describeJobQueue(trace, row, at),
    details: lines(
      key !== '' && line('Known as', key),
      line('Made at', siteLink(session, site)),
      line('At the end', countsInWords(now)),
      line('At most', `${tracks.waiting.max} waiting, ${tracks.active.max} active at once`),
    ),
    source: siteView(session, site),
  };
}

function describeResourceSelection(session: Session, selected: Selected): Description {
  const { trace, columns } = session;
  const { row, index } = selected;
  const tracks = session.queueTracksOf(row);
  if (tracks !== null) return describeJobQueueSelection(session, selected, tracks);
  const resource = trace.resources[row]!;
  const { puts, gets, maxDepth, capacity, site } = resource;
  const since = describeCountedFrom(trace, resource.process, resource.beganNs);
  return {
    sentences: describeResource(trace, row, columns.levels[row] ?? null, index),
    details: lines(
      line('Made at', siteLink(session, site)),
      line('Capacity', capacity === null ? 'unbounded' : String(capacity)),
      line('Moves', `${since}${puts} in · ${gets} out · at most ${maxDepth}`),
    ),
    source: siteView(session, site),
  };
}

/** null: there is nothing to say after the label. */
function line(label: string, ...parts: readonly (SentencePart | null)[]): DetailLine | null {
  const value = parts.filter((part) => part !== null);
  return value.length > 0 ? { label, value } : null;
}

const lines = (...all: readonly (DetailLine | null | false)[]): DetailLine[] =>
  all.filter((one) => one !== null && one !== false);

function taskLink(session: Session, task: number): SentencePart {
  return { task, text: session.trace.labelOf(task) };
}

function siteLink(session: Session, site: number): SentencePart | null {
  const view = siteView(session, site);
  return view ? { site, text: displayPlace(view) } : null;
}

/** With the first line that ran, where all lines in between belong to one function. */
function placeView(session: Session, { site, from }: SpanPlace): SiteView | null {
  const view = siteView(session, site);
  const before = session.trace.sites[from];
  if (view === null || before === undefined) return view;
  const isBelow = before.file === view.file && before.fn === view.fn && before.line < view.line;
  return isBelow ? { ...view, sinceLine: before.line + 1 } : view;
}

/** null: the site is unknown. */
export function siteView(session: Session, index: number): SiteView | null {
  const site = session.trace.sites[index];
  if (!site || site.file === '') return null;
  const { file, line: lineNumber, column, fn, text } = site;
  return { site: index, file, line: lineNumber, column, fn, text };
}
