/** Where the time of a path went, as a table that adds up, and its largest part as a sentence. */
import { ACTIVATION_KIND, numberSet, PAUSE, RESOURCE_KIND, SITE_ROLE } from '../format/kinds.ts';
import { heldBy } from '../findings/held-by.ts';
import { pieceNs, type Piece } from '../graph/piece.ts';
import { sumPieces, workerOf, type TimeSpent } from '../graph/time-spent.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration, share } from '../words/duration.ts';
import { awaitedText, sitePart, taskPart, workerLabel } from '../words/parts.ts';
import { plain, type Sentence, type SentencePart } from '../words/sentence.ts';
import { describePause } from '../words/span.ts';
import { describeTarget, inFunction } from '../words/wait.ts';
import type { WhereRow } from './answer.ts';
import { longestTask } from './longest-task.ts';
import { interruptedAt, isUnwoken, ranNsOf, seenOf } from './unseen-calls.ts';

const AWAIT_ROLES = numberSet(SITE_ROLE, 'await', 'for-await', 'yield');
const MAX_ROWS = 7;
/** Smaller parts are summed up. */
const MIN_SHARE = 0.005;
/** What is not the program's own doing is the verdict only where nothing of its own is so large. */
const MIN_OWN_SHARE = 0.1;

export interface SpentTime {
  readonly rows: readonly WhereRow[];
  readonly wholeNs: number;
  /** The largest part in one sentence; empty: no time passed. */
  readonly verdict: Sentence;
}

/** @param whole what the path is of: "the run", "this task's life" */
export function whereTheTimeWent(trace: Trace, pieces: readonly Piece[], whole: string): SpentTime {
  const parts = sumPieces(trace, namedIdle(pieces));
  const wholeNs = parts.reduce((sum, { ns }) => sum + ns, 0);
  const toRow = (part: TimeSpent): WhereRow => ({
    site: part.site,
    resource: resourceOf(trace, part),
    ns: part.ns,
    share: part.ns / wholeNs,
  });
  const listed = parts.filter(({ ns }, i) => i < MAX_ROWS && ns >= wholeNs * MIN_SHARE);
  const rows = listed.map(toRow);
  const others = parts.length - listed.length;
  if (others === 1) rows.push(toRow(parts.at(-1)!));
  else if (others > 1) {
    const ns = wholeNs - listed.reduce((sum, part) => sum + part.ns, 0);
    rows.push({ site: -1, resource: `${others} other parts`, ns, share: ns / wholeNs });
  }
  // Of a path that was not followed to its beginning, what was followed is what is spoken of.
  const unreadNs = parts.find(({ kind }) => kind === 'unread')?.ns ?? 0;
  const readNs = wholeNs - unreadNs;
  const main = parts.find(isOwn);
  const isMain = main !== undefined && main.ns >= readNs * MIN_OWN_SHARE;
  const largest = isMain ? main : parts.find(({ kind }) => kind !== 'unread');
  const of = unreadNs > 0 ? `the end of ${whole}` : whole;
  return {
    rows,
    wholeNs,
    verdict: largest === undefined ? [] : describePart(trace, largest, readNs, of),
  };
}

/** Idle pieces are told apart by where they stand: before the first task, or after the last. */
const IDLE = { before: 1, between: 2, after: 3 } as const;

function namedIdle(pieces: readonly Piece[]): Piece[] {
  const last = pieces.length - 1;
  return pieces.map((piece, i) => {
    if (piece.kind !== 'idle') return piece;
    return { ...piece, reason: i === 0 ? IDLE.before : i === last ? IDLE.after : IDLE.between };
  });
}

/** What the program can change. */
const isOwn = ({ kind }: TimeSpent): boolean => kind === 'run' || kind === 'ready' || kind === 'wait';

function resourceOf(trace: Trace, { kind, reason, longest, isMixed }: TimeSpent): string {
  switch (kind) {
    case 'run': {
      const thread = plain(inWorker(trace, longest));
      if (isLoading(trace, longest)) return `loading modules${thread}`;
      const seen = seenOf(trace, longest);
      if (seen !== 'ran') return seen === 'stood' ? `in ${UNSEEN}s` : `running, or in a ${UNSEEN}`;
      if (longest.callee !== undefined) return `running in ${longest.callee}${thread}`;
      if (thread !== '') return `running${thread}`;
      return AWAIT_ROLES.has(trace.sites[longest.site]?.role ?? 0) ? 'running after it' : 'running';
    }
    case 'ready':
      return isUnwoken(trace, longest)
        ? 'ready, but nothing woke the event loop'
        : 'ready, but another had the thread';
    case 'paused':
      return reason === PAUSE.instrument ? 'Simul read the program' : describePause(reason);
    case 'idle':
      if (reason === IDLE.before) return 'before the first task';
      return reason === IDLE.after ? 'after the last task' : 'not recorded';
    case 'unread':
      return 'earlier than what was looked at';
    case 'wait': {
      const target = plain(describeTarget(trace, { reason, target: longest.target, site: -1 }));
      const name = target.replace(/^ for /, '') || 'not recorded';
      if (!isMixed) return name;
      const kind = trace.resources[resourceOfTarget(longest.target)]?.kind ?? 0;
      if (kind === RESOURCE_KIND.worker) return 'workers';
      if (kind === RESOURCE_KIND.child) return 'child processes';
      if (kind === RESOURCE_KIND.exit) return 'the ends of threads or processes';
      return name.replace(/^the timer /, 'timers up to ');
    }
  }
}

/** "`sleep(60)` at report.ts:7 took 602 ms of the 2.17 s of the run (28 %): …" */
function describePart(trace: Trace, part: TimeSpent, wholeNs: number, whole: string): Sentence {
  const { kind, site, ns, longest } = part;
  const cost = `${duration(ns)} of the ${duration(wholeNs)} of ${whole} (${share(ns, wholeNs)})`;
  const task = taskPart(trace, longest.row);
  const at: SentencePart[] =
    site < 0 ? [] : [' at ', sitePart(trace, site), inFunction(trace, longest.row, site)];
  const times = part.count === 1 ? '' : `, ${count(part.count, 'time')} one after another`;
  switch (kind) {
    case 'wait': {
      const text = awaitedText(trace, site);
      const target: Sentence = part.isMixed
        ? [` for ${resourceOf(trace, part)}`]
        : describeTarget(trace, { reason: part.reason, target: longest.target, site: -1 });
      const waited: SentencePart[] = target.length === 0 ? [' waited there'] : [' waited there', ...target];
      if (text !== '') return [text, ...at, ` took ${cost}: `, task, ...waited, times, '.'];
      const setBy = setterOf(trace, longest);
      if (setBy.length > 0)
        return [`${resourceOf(trace, part).replace(/^the /, 'The ')} took ${cost}${times}: `, ...setBy];
      return [task, ' waited', ...at, ...target, ` for ${cost}${times}.`];
    }
    case 'run':
      if (isLoading(trace, longest))
        return [`Loading modules took ${cost}, in `, task, ...inWorker(trace, longest), longestOf(part), '.'];
      if (seenOf(trace, longest) !== 'ran') return describeUnseen(trace, part, cost);
      if (interruptedAt(trace, longest) !== undefined) return describeInterrupted(trace, part, cost);
      if (isStart(trace, longest))
        return [
          ...['Loading the modules of ', task, ' and running their bodies', ...inWorker(trace, longest)],
          ` took ${cost}${longestOf(part)}.`,
        ];
      return [
        task,
        ' ran',
        ...whereItRan(trace, longest),
        ...inCallee(longest),
        ...inWorker(trace, longest),
        ` for ${cost}${longestOf(part)}.`,
      ];
    case 'ready':
      if (isUnwoken(trace, longest))
        return [task, ' was ready', ...at, ` for ${cost}: nothing woke the event loop, which slept.`];
      return [task, ' was ready', ...at, ` and did not get the thread for ${cost}${longestOf(part)}.`];
    case 'paused':
    case 'unread':
    case 'idle': {
      const what = resourceOf(trace, part);
      const own = longestTask(trace);
      if (own === null) return [`Most of the time was not the program's own: ${what}, ${cost}.`];
      const place = sitePart(trace, trace.tasks.site[own.row]!);
      return [
        ...[taskPart(trace, own.row), ' at ', place, ' took longest of what the program itself did, '],
        `${duration(own.livedNs)}. Most of the time was not its own: ${what}, ${cost}.`,
      ];
    }
  }
}

const UNSEEN = 'call that is not seen into';

/** "main stood in calls that are not seen into for 3.5 s …: its thread had the processor for …" */
function describeUnseen(trace: Trace, { longest }: TimeSpent, cost: string): Sentence {
  const task = taskPart(trace, longest.row);
  const from: Sentence = isBegin(trace, longest.task, longest.site)
    ? []
    : [', after ', sitePart(trace, longest.site), ','];
  if (seenOf(trace, longest) === 'unknown')
    return [task, ` ran, or stood in a ${UNSEEN}`, ...from, ` for ${cost}.`];
  const had = duration(ranNsOf(trace, longest));
  return [
    task,
    ' stood in calls that are not seen into',
    ...from,
    ` for ${cost}: its thread had the processor for ${had} in all.`,
  ];
}

/** "spin.py ran for 3.7 s …, and was at spin.py:4 in spin when Ctrl-C came." */
function describeInterrupted(trace: Trace, { longest }: TimeSpent, cost: string): Sentence {
  const { site } = interruptedAt(trace, longest)!;
  const where: Sentence = [sitePart(trace, site), inFunction(trace, longest.row, site)];
  return [taskPart(trace, longest.row), ` ran for ${cost}, and was at `, ...where, ' when Ctrl-C came.'];
}

/** What ran was Node's loader and the packages that it loaded. */
const isLoading = (trace: Trace, { kind, task, fromNs, toNs, callee }: Piece): boolean =>
  kind === 'run' && callee === undefined && heldBy(trace, trace.tasks.lane[task]!, fromNs, toNs).isLoading;

/** "load (a.ts:3) had set it.", of a timer whose callback has no line; empty: that is not known. */
function setterOf(trace: Trace, { row, site }: Piece): Sentence {
  const { kind, parent, site: begunAt } = trace.tasks;
  const setter = kind[row] === ACTIVATION_KIND['timer-callback'] && site < 0 ? parent[row]! : -1;
  if (setter < 0 || begunAt[setter]! < 0) return [];
  return [taskPart(trace, setter), ' (', sitePart(trace, begunAt[setter]!), ') had set it.'];
}

/** The first file ran, with all that it imports; no function of it is known to be the cause. */
const isStart = (trace: Trace, { task, callee, site }: Piece): boolean =>
  trace.tasks.kind[task] === ACTIVATION_KIND.main && callee === undefined && isBegin(trace, task, site);

const isBegin = (trace: Trace, task: number, site: number): boolean =>
  site < 0 || site === trace.tasks.site[task];

/** " after its await at a.ts:3": where it was seen at work, or where it went on. */
function whereItRan(trace: Trace, { site }: Piece): Sentence {
  if (site < 0) return [];
  const isAwait = AWAIT_ROLES.has(trace.sites[site]!.role);
  return [isAwait ? ' after its await at ' : ' at ', sitePart(trace, site)];
}

const inCallee = ({ callee }: Piece): Sentence => (callee === undefined ? [] : [` in ${callee}`]);

/** " in worker packer-2": that a worker thread executed it; empty: the main thread did. */
function inWorker(trace: Trace, piece: Piece): Sentence {
  const lane = workerOf(trace, piece);
  return lane < 0 ? [] : [` in ${workerLabel(trace.lanes[lane]!)}`];
}

const longestOf = ({ count: times, longest }: TimeSpent): string =>
  times === 1 ? '' : ` in ${count(times, 'stretch', 'stretches')}, the longest ${duration(pieceNs(longest))}`;
