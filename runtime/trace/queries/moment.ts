/** `moment`: what every task did at a time, who waited for whom, and which waits were deadlocks. */
import type { Piece } from '../graph/piece.ts';
import { deadlocks, spanAt, waitForGraph, type WaitForGraph } from '../graph/wait-for.ts';
import type { Span } from '../model/spans.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { describeDeadlock } from '../words/deadlock.ts';
import { sitePart, taskPart } from '../words/parts.ts';
import { plain, type Sentence, type SentencePart } from '../words/sentence.ts';
import { describePause } from '../words/span.ts';
import { describeShape } from '../words/value.ts';
import { describeTarget } from '../words/wait.ts';
import type { Answer, Cause, TaskMoment } from './answer.ts';
import type { Refusal } from './about.ts';
import { causeOf, isAt, isCause } from './causes.ts';
import type { QuerySource } from './query-source.ts';
import { unseenOf } from './unseen.ts';

/** Index = state number. */
const STATES: readonly (TaskMoment['state'] | null)[] = [null, 'run', 'ready', 'wait', null, 'paused'];

/** @param t ns from the trace's start */
export function moment(source: QuerySource, t: number): Answer | Refusal {
  const { trace, findings } = source;
  if (t > trace.endNs) return { refusal: `the recording ends at ${duration(trace.endNs)}` };
  const graph = waitForGraph(source, t);
  const tasks = tasksAt(source, graph, t);
  const cycles = deadlocks(graph);
  const about = findings.filter((finding) => isAt(finding, t));
  return {
    verdict: cycles[0]
      ? describeDeadlock(trace, cycleEdges(graph, cycles[0]))
      : describeCounts(trace, tasks, t),
    causes: [
      ...cycles.map((cycle) => deadlockCause(source, graph, cycle)),
      ...about.filter(isCause).map((finding) => causeOf(source, finding)),
    ],
    where: [],
    wholeNs: 0,
    unseen: unseenOf(source),
    moment: { t, tasks },
  };
}

/** First who runs, then who could, then who waits, the longest first. */
function tasksAt(source: QuerySource, graph: WaitForGraph, t: number): TaskMoment[] {
  const { trace, events } = source;
  const tasks: TaskMoment[] = [];
  for (let row = 0; row < trace.tasks.count; row++) {
    const span = spanAt(source, row, t);
    const state = STATES[span?.state ?? 0] ?? null;
    if (span === null || state === null) continue;
    const waiting = graph.get(row);
    const { reason, target, ref } = span;
    const isWait = state === 'wait';
    const words = isWait ? plain(describeTarget(trace, { reason, target, site: ref })) : '';
    tasks.push({
      task: row,
      state,
      sinceNs: span.startNs,
      site: isWait ? ref : trace.tasks.site[row]!,
      waitsFor: words.replace(/^ (for )?/, ''),
      value: valueAt(trace, row, t, span),
      behind: waiting?.waitsFor ?? [],
      event: events?.eventOf(row, t) ?? null,
    });
  }
  const rank = { run: 0, ready: 1, paused: 2, wait: 3 } as const;
  return tasks.sort((a, b) => rank[a.state] - rank[b.state] || a.sinceNs - b.sinceNs);
}

function valueAt(trace: Trace, row: number, t: number, { state, startNs, ref }: Span): string {
  const { values } = trace;
  const shape =
    state === State.wait
      ? values.ofWait(row, startNs, ref)
      : state === State.run
        ? values.lastAt(row, t)
        : null;
  return shape === null ? '' : describeShape(trace, shape);
}

/** "At 1.20 s main ran, 2 tasks were ready and 14 tasks waited: load#3 had waited longest, …" */
function describeCounts(trace: Trace, tasks: readonly TaskMoment[], t: number): Sentence {
  const by = (state: TaskMoment['state']): TaskMoment[] => tasks.filter((task) => task.state === state);
  const [runs, ready, waits, paused] = [by('run'), by('ready'), by('wait'), by('paused')];
  const words: SentencePart[] = [`At ${duration(t)} `];
  const top = runs.at(-1);
  if (top !== undefined) words.push(taskPart(trace, top.task), ' ran');
  else words.push(paused.length > 0 ? 'the program stood still' : 'no task ran');
  words.push(`, ${ready.length === 0 ? 'none was' : count(ready.length, 'task was', 'tasks were')} ready`);
  words.push(` and ${waits.length === 0 ? 'none' : count(waits.length, 'task')} waited`);
  const [longest] = waits;
  if (longest === undefined) return [...words, '.'];
  words.push(
    ': ',
    taskPart(trace, longest.task),
    ` had waited longest, for ${duration(t - longest.sinceNs)}`,
  );
  if (longest.site >= 0) words.push(' at ', sitePart(trace, longest.site));
  return [...words, '.'];
}

function deadlockCause({ trace, events }: QuerySource, graph: WaitForGraph, cycle: readonly number[]): Cause {
  const waits = cycle.map((row) => graph.get(row)!);
  return {
    rule: 'deadlock',
    severity: 'error',
    words: describeDeadlock(trace, cycleEdges(graph, cycle)),
    sites: waits.map(({ site }) => site).filter((site) => site >= 0),
    tasks: cycle,
    gainNs: null,
    events: waits
      .map(({ row, sinceNs }) => events?.eventOf(row, sinceNs) ?? null)
      .filter((event) => event !== null),
  };
}

const cycleEdges = (graph: WaitForGraph, cycle: readonly number[]) =>
  cycle.map((row) => {
    const { site, reason, target } = graph.get(row)!;
    return { row, site, reason, target };
  });

/** What the critical path stood on at `t`. */
export function momentVerdict(trace: Trace, piece: Piece, t: number): Sentence {
  const { kind, row, site, reason, target, fromNs, toNs } = piece;
  const words: SentencePart[] = [`At ${duration(t)} `];
  if (kind === 'unread') return [...words, 'was not looked at: the path is too long.'];
  if (kind === 'idle') return [...words, 'no task of the program was under way.'];
  words.push(taskPart(trace, row));
  if (kind === 'paused') return [...words, ` ${describePause(reason)}.`];
  words.push(
    kind === 'run' ? ' ran' : kind === 'ready' ? ' was ready, but another had the thread' : ' waited',
  );
  if (site >= 0) words.push(kind === 'run' ? ', since ' : ' at ', sitePart(trace, site));
  if (kind === 'wait') words.push(...describeTarget(trace, { reason, target, site: -1 }));
  return [...words, `; that took ${duration(toNs - fromNs)}, and the run stood on it.`];
}
