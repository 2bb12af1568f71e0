/**
 * The panel's words: one sentence for the answer strip, a few lines of detail, and labels on spans. All text of the
 * panel that speaks of the trace is made here.
 */
import { OUTCOMES, REASONS, RESOURCE_KINDS, ACTIVATION_KINDS } from '../../runtime/trace/format/kinds.ts';
import { State } from '../../runtime/trace/fold/observer.ts';
import { reasonOf, stateOf } from '../../runtime/trace/columns/classes.ts';
import type { Span } from '../../runtime/trace/columns/tracks.ts';
import type { Part, Sentence } from '../../runtime/trace/words/sentence.ts';
import type { DetailLine, SelectionView, SiteView } from '../messages.ts';
import type { Row } from './rows.ts';
import type { Selected, Session } from './session.ts';
import { wakeOf } from './walk.ts';

/** "1.20 s", "340 ms", "12.5 µs", "80 ns": three digits, the unit that suits. */
export function duration(ns: number): string {
  const digits = (value: number): string =>
    value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  const abs = Math.abs(ns);
  if (abs >= 60e9) return `${(ns / 60e9).toFixed(1)} min`;
  if (abs >= 1e9) return `${digits(ns / 1e9)} s`;
  if (abs >= 1e6) return `${digits(ns / 1e6)} ms`;
  if (abs >= 1e3) return `${digits(ns / 1e3)} µs`;
  return `${Math.round(ns)} ns`;
}

const task = (session: Session, index: number): Part => ({ task: index, text: session.trace.nameOf(index) });

export function siteView(session: Session, index: number): SiteView | null {
  const site = session.trace.sites[index];
  if (!site || site.file === '') return null;
  return { site: index, file: site.file, line: site.line, column: site.column, fn: site.fn, text: site.text };
}

function placePart(session: Session, index: number): Part | null {
  const site = siteView(session, index);
  return site ? { site: index, text: `${site.file.replace(/^.*[/\\]/, '')}:${site.line}` } : null;
}

const WAITS: Readonly<Record<string, string>> = {
  '': 'for something that was not recorded',
  task: 'for',
  group: 'for',
  timer: 'for a timer',
  io: 'for I/O',
  'queue-get': 'for an item from',
  'queue-put': 'for room in',
  lock: 'for the lock',
  semaphore: 'for a permit of',
  event: 'for the event',
  condition: 'for the condition',
  barrier: 'at the barrier',
  join: 'for the end of',
  pool: 'for the pool',
  future: 'for the future',
  consumer: 'for its consumer',
  value: 'for a value that was there already',
  signal: 'for a signal',
  job: 'for the job',
  lane: 'for a thread',
};

/** "for the lock db", "for fetch(url)": what a wait was for. */
function waitWords(session: Session, span: Span): Part[] {
  const reason = REASONS[reasonOf(span.code)] ?? '';
  const words = WAITS[reason] ?? 'for';
  const parts: Part[] = [];
  const text = session.trace.sites[span.ref]?.text ?? '';
  if (span.target > 0) parts.push(words === WAITS[''] ? 'for ' : `${words} `, task(session, span.target - 1));
  else if (span.target < 0) {
    const resource = session.trace.resources[-span.target - 1];
    const kind = RESOURCE_KINDS[resource?.kind ?? 0] ?? '';
    const name = resource && resource.name !== '' ? resource.name : kind === '' ? 'something' : `a ${kind}`;
    const bare = reason === 'timer' || reason === 'io';
    if (bare && (resource?.name ?? '') === '') parts.push(words);
    else {
      parts.push(words === WAITS[''] || bare ? 'for ' : `${words} `);
      parts.push({ resource: -span.target - 1, text: name });
    }
  } else parts.push(words === WAITS[''] && text !== '' ? 'for' : words);
  if (text !== '') parts.push(` ${text}`);
  return parts;
}

/** What is written on a span that is wide enough. */
export function labelOf(session: Session, row: Row, span: Span): string {
  const { trace } = session;
  const state = stateOf(span.code);
  if (row.kind === 'lane') return span.ref >= 0 ? trace.nameOf(trace.rowOf(span.ref)) : '';
  if (state === State.run) return 'runs';
  if (state === State.ready) return 'ready';
  if (state !== State.wait) return '';
  const site = trace.sites[span.ref];
  if (site && site.text !== '') return site.text;
  if (span.target > 0) return trace.nameOf(span.target - 1);
  if (span.target < 0) return trace.resources[-span.target - 1]?.name ?? '';
  return REASONS[reasonOf(span.code)] ?? '';
}

export function stateWords(session: Session, span: Span): string {
  const state = stateOf(span.code);
  if (state === State.run) return 'runs';
  if (state === State.ready) return 'is ready, but another has the thread';
  if (state === State.ended) return `ended (${OUTCOMES[reasonOf(span.code)] || 'unknown'})`;
  if (state !== State.wait) return 'idle';
  return `waits ${waitWords(session, span)
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('')}`;
}

/** The sentence about one span: what, how long, why, and who ended it. */
function spanSentence(session: Session, selected: Selected, span: Span): Sentence {
  const { trace } = session;
  const ongoing = span.endNs === null;
  const ns = (span.endNs ?? trace.endNs) - span.startNs;
  const state = stateOf(span.code);
  const parts: Part[] = [task(session, selected.row)];
  if (state === State.ended) {
    const error = trace.text(trace.tasks.error[selected.row]!);
    parts.push(
      ` ended: ${OUTCOMES[reasonOf(span.code)] || 'outcome unknown'}${error === '' ? '' : ` (${error})`}.`,
    );
    return parts;
  }
  if (state === State.run) {
    parts.push(ongoing ? ` has been running for ${duration(ns)}` : ` ran for ${duration(ns)}`);
  } else if (state === State.ready) {
    parts.push(ongoing ? ` has been ready for ${duration(ns)}` : ` was ready for ${duration(ns)}`);
    parts.push(' while another had the thread');
  } else {
    parts.push(
      ongoing ? ` has been waiting ${duration(ns)} ` : ` waited ${duration(ns)} `,
      ...waitWords(session, span),
    );
  }
  const wake = wakeOf(session, selected);
  if (state === State.wait) {
    if (wake && wake.waker !== selected.row) parts.push('; ', task(session, wake.waker), ' woke it.');
    else if (wake) parts.push('; it was woken from within itself.');
    else if (ongoing) parts.push('; nothing has woken it yet.');
    else parts.push('. No waker recorded for this wait.');
  } else if (wake && wake.waker !== selected.row) {
    parts.push(
      state === State.run && selected.index === 0 ? '; started by ' : '; woken by ',
      task(session, wake.waker),
      '.',
    );
  } else parts.push('.');
  return parts;
}

export function describe(session: Session, selected: Selected): SelectionView {
  const { trace, columns } = session;
  const details: DetailLine[] = [];
  const line = (label: string, ...value: (Part | null)[]) => {
    const parts = value.filter((part) => part !== null);
    if (parts.length > 0) details.push({ label, value: parts });
  };
  const view = (why: Sentence, source: SiteView | null): SelectionView => ({
    key: `${selected.key}/${selected.index}`,
    why,
    details,
    source,
  });

  if (selected.kind === 'task') {
    const { tasks } = trace;
    const row = selected.row;
    const span = session.span();
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
        duration((span.endNs ?? trace.endNs) - span.startNs) + (span.endNs === null ? ', and goes on' : ''),
      );
      const wake = wakeOf(session, selected);
      if (wake) line('Woken by', task(session, wake.waker));
    }
    const own = (ns: Float64Array, state: number) =>
      ns[row]! + (tasks.rowState[row] === state ? Math.max(0, trace.endNs - tasks.rowSinceNs[row]!) : 0);
    line(
      'In all',
      `ran ${duration(own(tasks.runNs, State.run))} · ready ${duration(own(tasks.readyNs, State.ready))} · waited ${duration(own(tasks.waitNs, State.wait))}`,
    );
    return view(span ? spanSentence(session, selected, span) : [task(session, row)], source);
  }
  if (selected.kind === 'lane') {
    const span = session.span();
    const lane = trace.lanes[selected.row]!;
    line('Thread', laneName(session, selected.row));
    line('Busy', `${duration(lane.busyNs)} of ${duration(trace.endNs - lane.startNs)}`);
    if (!span) return view([laneName(session, selected.row)], null);
    const ns = (span.endNs ?? trace.endNs) - span.startNs;
    if (span.ref < 0) return view([`Nothing of which there is a record ran here for ${duration(ns)}.`], null);
    const row = trace.rowOf(span.ref);
    line('Executed', task(session, row));
    return view(
      [laneName(session, selected.row), ' executed ', task(session, row), ` for ${duration(ns)}.`],
      siteView(session, trace.tasks.site[span.ref]!),
    );
  }
  if (selected.kind === 'resource') {
    const resource = trace.resources[selected.row]!;
    const kind = RESOURCE_KINDS[resource.kind] || 'resource';
    line('Made at', placePart(session, resource.site));
    line('Capacity', resource.capacity === null ? 'unbounded' : String(resource.capacity));
    line('Moves', `${resource.puts} in · ${resource.gets} out · at most ${resource.maxDepth}`);
    const name = resource.name === '' ? '' : ` ${resource.name}`;
    const level = `holds ${resource.level}${resource.capacity === null ? '' : ` of ${resource.capacity}`}`;
    return view(
      [`The ${kind}${name} ${level}; at most it held ${resource.maxDepth}.`],
      siteView(session, resource.site),
    );
  }
  return view([], null);
}

export function laneName(session: Session, index: number): string {
  const lane = session.trace.lanes[index];
  if (!lane) return '';
  if (lane.name !== '') return lane.name;
  return lane.kind === 1 ? 'main thread' : `thread ${lane.number}`;
}

export function processName(session: Session, index: number): string {
  const process = session.trace.processes[index];
  if (!process) return '';
  const words = process.argv.split(' ').filter((word) => word !== '' && !word.startsWith('-'));
  const script =
    words.find((word) => /\.\w+$/.test(word) && !/(^|[/\\])(node|python3?)(\.exe)?$/.test(word)) ??
    words[0] ??
    '';
  const name = script.replace(/^.*[/\\]/, '');
  return name === '' ? (process.pid === 0 ? `process ${index + 1}` : `process ${process.pid}`) : name;
}

/** What is said when nothing is selected: the whole, in one sentence. */
export function summary(session: Session): Sentence {
  const { trace, columns } = session;
  const { tasks, lanes, processes } = trace;
  if (trace.events === 0) return [];
  let count = 0;
  let run = 0;
  let ready = 0;
  let wait = 0;
  let longest = -1;
  const failed: number[] = [];
  for (let t = 0; t < tasks.count; t++) {
    if (tasks.frameOf[t]! >= 0) continue;
    count++;
    run += tasks.runNs[t]!;
    ready += tasks.readyNs[t]!;
    wait += tasks.waitNs[t]!;
    if (longest < 0 || tasks.waitNs[t]! > tasks.waitNs[longest]!) longest = t;
    if (tasks.outcome[t] === 2 && failed.length < 3) failed.push(t);
  }
  const where =
    processes.length > 1
      ? `${processes.length} processes`
      : lanes.length > 1
        ? `${lanes.length} threads`
        : 'one thread';
  const parts: Part[] = [
    `${duration(trace.endNs)} on ${where}: ${count.toLocaleString('en')} ${count === 1 ? 'task' : 'tasks'} ran ${duration(run)}, waited ${duration(wait)}`,
    ready > 0 ? ` and stood ready for ${duration(ready)}.` : '.',
  ];
  if (count > 1 && longest >= 0 && tasks.waitNs[longest]! > 0) {
    parts.push(' Longest in waiting: ', task(session, longest), ` (${duration(tasks.waitNs[longest]!)}).`);
  }
  failed.forEach((t, i) => parts.push(i === 0 ? ' Failed: ' : ', ', task(session, t)));
  if (failed.length > 0) parts.push('.');
  if (trace.lost > 0)
    parts.push(` ${trace.lost.toLocaleString('en')} records were lost in ${columns.losses.length} gaps.`);
  return parts;
}
