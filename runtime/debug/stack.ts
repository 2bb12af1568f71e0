/**
 * The stack of a task at a moment: its activations, each at the line where it stands; then, behind
 * labels, who has what it waits for, who awaits it, and who began it.
 */
import { OUTCOMES, SITE_ROLE } from '../trace/format/kinds.ts';
import { outcomeWord } from '../trace/words/outcome.ts';
import { plain } from '../trace/words/sentence.ts';
import { describeTarget } from '../trace/words/wait.ts';
import type { Replay } from './replay.ts';
import { STEP } from './step-log.ts';

export interface StackFrame {
  readonly name: string;
  /** The row that it belongs to; −1: it is a label. */
  readonly row: number;
  /** The activation; −1: it is a label. */
  readonly task: number;
  /** −1: the record tells no line. */
  readonly site: number;
  readonly hint: 'normal' | 'label' | 'subtle';
}

const MAX_BEHIND = 3;
const MAX_AWAITERS = 10;
const MAX_CREATORS = 20;
/** Recursion may be deep; an editor asks for the frames in pages. */
const MAX_FRAMES = 10_000;

export function stackOf(replay: Replay, row: number): StackFrame[] {
  const own = activationsOf(replay, row);
  if (own.length === 0) return [];
  return [...own, ...behindOf(replay, row), ...awaitersOf(replay, row), ...creatorsOf(replay, row)];
}

function activationsOf(replay: Replay, row: number): StackFrame[] {
  const { trace, log, timeline } = replay;
  const newest = timeline.newestOf(row);
  const tasks = replay.framesOf(row).slice(0, MAX_FRAMES);
  return tasks.map((task, depth): StackFrame => {
    const site = depth === 0 ? siteNow(replay, row) : log.calls.siteOf(tasks[depth - 1]!, newest);
    const name = task === row ? trace.labelOf(row) : trace.nameOf(task);
    // A task of the library has no line of its own that calls: it is told where it was made.
    if (site < 0) return { name, row, task, site: trace.tasks.site[task]!, hint: 'subtle' };
    return { name, row, task, site, hint: 'normal' };
  });
}

/** Where the row stands: the line of what it just did, or else of its newest step. */
export function siteNow(replay: Replay, row: number): number {
  const { log, timeline } = replay;
  const at = timeline.at < 0 ? -1 : timeline.step(timeline.at);
  if (at >= 0 && timeline.rowAt(timeline.at) === row && log.site[at]! >= 0) return log.site[at]!;
  const newest = timeline.newestOf(row);
  return newest < 0 ? -1 : log.site[newest]!;
}

const label = (name: string): StackFrame => ({ name, row: -1, task: -1, site: -1, hint: 'label' });

function behindOf(replay: Replay, row: number): StackFrame[] {
  const newest = replay.timeline.newestOf(row);
  if (replay.log.kind[newest] !== STEP.suspend) return [];
  const behind = replay.behind(newest).filter((other) => other !== row);
  const words = waitWords(replay, row);
  if (words === '' && behind.length === 0) return [];
  const frames = behind.slice(0, MAX_BEHIND).flatMap((other) => activationsOf(replay, other).slice(0, 1));
  const more = behind.length > MAX_BEHIND ? [label(`… ${behind.length - MAX_BEHIND} more`)] : [];
  return [label(`waits ${words || 'for'}${frames.length > 0 ? ', which is at' : ''}`), ...frames, ...more];
}

/** "for an item of queue orders": what the row waits for; '': it does not, or no record tells. */
export function waitWords(replay: Replay, row: number): string {
  const { log, timeline, trace } = replay;
  const newest = timeline.newestOf(row);
  if (newest < 0 || log.kind[newest] !== STEP.suspend) return '';
  const span = replay.recording.source.spans.spans(row, replay.t, replay.t + 1, 1000)?.at(-1);
  const target = log.target[newest]!;
  const words = describeTarget(trace, { reason: span?.reason ?? 0, target, site: log.site[newest]! });
  return plain(words).trim();
}

function awaitersOf(replay: Replay, row: number): StackFrame[] {
  const frames: StackFrame[] = [];
  const seen = new Set([row]);
  let awaited = row;
  for (let i = 0; i < MAX_AWAITERS; i++) {
    const [awaiter, ...others] = replay.awaiters(awaited).filter((other) => !seen.has(other));
    if (awaiter === undefined) break;
    seen.add(awaiter);
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    frames.push(
      label(`awaited by ${replay.trace.labelOf(awaiter)}${more}`),
      ...activationsOf(replay, awaiter),
    );
    awaited = awaiter;
  }
  return frames;
}

function creatorsOf(replay: Replay, row: number): StackFrame[] {
  const { trace } = replay;
  const { parent, site } = trace.tasks;
  const frames: StackFrame[] = [];
  let begun = row;
  for (let i = 0; i < MAX_CREATORS && parent[begun]! >= 0; i++) {
    const creator = parent[begun]!;
    // The library's tasks have the line of their call; of others only the creator's own is known.
    const isCall = trace.sites[site[begun]!]?.role === SITE_ROLE.call;
    const at = isCall ? site[begun]! : site[creator]!;
    frames.push({
      name: trace.labelOf(trace.rowOf(creator)),
      row: trace.rowOf(creator),
      task: creator,
      site: at,
      hint: 'subtle',
    });
    begun = trace.rowOf(creator);
  }
  return frames.length === 0 ? [] : [label('begun by'), ...frames];
}

/** What the session says of a stop: "consumer waits", "produce has ended". */
export function describeStop(replay: Replay): string {
  const { trace, log, timeline, row } = replay;
  if (timeline.at < 0 || row < 0) return '';
  const name = trace.labelOf(row);
  const step = timeline.step(timeline.at);
  const task = log.task[step]!;
  if (timeline.rowAt(timeline.at) !== row) return name;
  const frame = task === row ? name : `${trace.nameOf(task)} in ${name}`;
  switch (log.kind[step]) {
    case STEP.begin:
      return `${frame} begins`;
    case STEP.call:
      return `${frame} calls ${trace.nameOf(log.ref[step]!)}`;
    case STEP.suspend:
      if (trace.sites[log.site[step]!]?.role === SITE_ROLE.yield) return `${frame} yields`;
      return `${frame} waits ${waitWords(replay, row)}`.trimEnd();
    case STEP.woken:
      return `${frame} is woken`;
    case STEP.resume:
      return `${frame} ${replay.isFirstRun(step) ? 'begins' : 'goes on'}`;
    case STEP.end:
      return `${frame} ${outcomeOf(replay, task)}`;
    case STEP.write:
      return `${frame} writes over what another has written since`;
    default:
      return frame;
  }
}

function outcomeOf({ trace }: Replay, task: number): string {
  const outcome = OUTCOMES[trace.tasks.outcome[task]!];
  const error = trace.text(trace.tasks.error[task]!);
  if (outcome === 'error') return error === '' ? 'fails' : `fails with ${error}`;
  return outcome === 'cancelled' ? `is ${outcomeWord('', 'cancelled')}` : 'ends';
}
