/** The moment that is replayed, for the editor's views, and for the marks beside its lines. */
import { FLAG } from '../trace/format/kinds.ts';
import type { DoneNow, MarkedLine, MomentNotice, MomentView } from '../trace/messages/moment.ts';
import { momentView, type RowNow } from '../trace/queries/moment-view.ts';
import { count } from '../trace/words/duration.ts';
import type { Places } from './places.ts';
import type { Replay } from './replay.ts';
import { siteNow } from './stack.ts';
import { STEP } from './step-log.ts';

/** More lines than an editor shows at once, by far. */
const MAX_MARKED = 200;
const MAX_SIMULTANEOUS = 1000;

export function replayedView(replay: Replay): MomentView {
  const { recording, trace, timeline, log, t } = replay;
  return momentView({
    trace,
    timeNs: t,
    living: timeline.living,
    rowNow: (row) => rowNow(replay, row),
    holdersOf: (resource) => recording.source.holders.holdersAt(resource, t),
    hasGot: (resource, row, sinceNs) => {
      const newest = timeline.newestOf(row);
      if (newest >= 0 && log.ref[newest]! >= 0) return true;
      return recording.source.holders.heldSince(resource, row, t) > sinceNs;
    },
    levelOf: (resource) => recording.levels.levelAt(trace, resource, t),
  });
}

function rowNow(replay: Replay, row: number): RowNow {
  const { log, timeline, recording, t } = replay;
  const newest = timeline.newestOf(row);
  if (newest < 0) return { state: 'run', sinceNs: t, site: -1, frame: -1, target: 0, reason: 0 };
  const state = stateOf(replay, row, newest);
  const isWaiting = state === 'wait';
  const span = isWaiting ? recording.source.spans.spans(row, t, t + 1, MAX_SIMULTANEOUS)?.at(-1) : undefined;
  return {
    state,
    sinceNs: log.t[newest]!,
    site: log.site[newest]!,
    frame: log.task[newest]!,
    target: isWaiting ? log.target[newest]! : 0,
    reason: span?.reason ?? 0,
  };
}

function stateOf({ log, trace }: Replay, row: number, newest: number): DoneNow {
  switch (log.kind[newest]) {
    case STEP.suspend:
      return 'wait';
    case STEP.woken:
      return 'ready';
    case STEP.begin:
      return (trace.tasks.flags[log.task[newest]!]! & FLAG.beginReady) === 0 ? 'run' : 'ready';
    case STEP.end:
      return log.task[newest] === row ? 'run' : 'ready';
    default:
      return 'run';
  }
}

/** What is told of each moment: where it is, and at which lines others wait. */
export function momentNotice(replay: Replay, places: Places): MomentNotice {
  const { trace, row, t, timeline, log } = replay;
  const bySite = new Map<number, { row: number; count: number }>();
  for (const other of timeline.living) {
    const newest = timeline.newestOf(other);
    if (other === row || log.kind[newest] !== STEP.suspend) continue;
    const known = bySite.get(log.site[newest]!);
    if (known === undefined) bySite.set(log.site[newest]!, { row: other, count: 1 });
    else {
      known.count++;
      known.row = Math.min(known.row, other);
    }
  }
  const byLine = new Map<string, MarkedLine>();
  for (const [site, { row: first, count: waiters }] of bySite) {
    if (byLine.size === MAX_MARKED) break;
    const others = waiters === 1 ? ' waits' : ` and ${count(waiters - 1, 'other')} wait`;
    const line = lineOf(places, site, `${trace.labelOf(first)}${others} here`);
    if (line !== null) byLine.set(`${line.line} ${line.path}`, joined(byLine, line));
  }
  return {
    timeNs: t,
    task: row < 0 ? null : trace.idOf(row),
    here: row < 0 ? null : lineOf(places, siteNow(replay, row), trace.labelOf(row)),
    waits: [...byLine.values()],
  };
}

/** Two awaits of one line have one mark. */
function joined(byLine: ReadonlyMap<string, MarkedLine>, line: MarkedLine): MarkedLine {
  const before = byLine.get(`${line.line} ${line.path}`);
  return before === undefined ? line : { ...before, words: `${before.words}; ${line.words}` };
}

/** Null: the editor shows no file with this line. */
function lineOf(places: Places, site: number, words: string): MarkedLine | null {
  const place = places.placeOf(site);
  const path = place?.source.path;
  if (place === null || path === undefined || (place.source.sourceReference ?? 0) > 0) return null;
  return { path, line: place.line, column: place.column, words };
}
