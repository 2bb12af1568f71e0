/**
 * Awaits that a function made one after another though none needed what another gave: in a loop
 * (also N + 1 queries), or one below the other. The parser says which are independent; the trace
 * says that they waited, for what, and what it would take to wait for all at once.
 *
 * Refuted by what neither sees: that the order of the effects matters, or that what is asked bears
 * only one question at a time. So awaits made for their effect, or at the top level of a module,
 * are information, and a loop that several tasks of one origin ran at once is silent: their number
 * was chosen.
 */
import { ACTIVATION_KIND, LANGUAGE, SITE_NOTE } from '../format/kinds.ts';
import { displayPath } from '../model/display-path.ts';
import type { Loss } from '../model/losses.ts';
import { timesSoFar } from '../model/times-so-far.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import { AskedResults } from './asked-results.ts';
import { type AwaitRun, AwaitRuns, type AwaitSeries, gainOf } from './await-runs.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { PacedStarts } from './paced-starts.ts';
import { reducedOneByOne } from './reduced-one-by-one.ts';
import { WidthOne } from './width-one.ts';

export const oneByOne: Rule = {
  name: 'one-by-one',
  description: 'Awaits that need nothing of each other waited one after another.',
  start: (trace) => new OneByOne(trace),
};

const MAX_FINDINGS = 20;
/** All waits together, and their share of the task's life. */
const MIN_WAIT_NS = 50e6;
const MIN_SHARE = 0.3;
/** What the waits would take less together, and its share of the task's life. */
const MIN_GAIN_NS = 25e6;
const MIN_GAIN_SHARE = 0.15;
/**
 * Of a function that ran so often, what a run would save on average: that one of thousands took
 * long says more of the machine.
 */
const MANY_RUNS = 20;
const MIN_MEAN_GAIN_NS = 10e6;
const MAX_NAMES = 3;

class OneByOne extends AwaitRuns implements RuleRun {
  readonly #trace: Trace;
  /** Calls of a limiter that let one through at a time. */
  readonly #limited: WidthOne;
  readonly #asked: AskedResults;
  /** Calls of a limiter that begin at a pace. */
  readonly #paced: PacedStarts;

  constructor(trace: Trace) {
    super(trace);
    this.#trace = trace;
    this.#limited = new WidthOne(trace);
    this.#asked = new AskedResults(trace);
    this.#paced = new PacedStarts(trace);
  }

  taskBegan(task: number, t: number): void {
    this.#limited.taskBegan(task, t);
    this.#paced.taskBegan(task);
  }

  override taskEnded(task: number): void {
    super.taskEnded(task);
    this.#limited.taskEnded(task);
    this.#asked.taskEnded(task);
  }

  override waitEnded(wait: EndedWait): void {
    super.waitEnded(wait);
    this.#limited.waitEnded(wait);
    this.#paced.waitEnded(wait);
    this.#asked.waitEnded(wait);
  }

  override recordsLost(loss: Loss): void {
    super.recordsLost(loss);
    this.#asked.recordsLost(loss);
  }

  findings(): Finding[] {
    const limited = this.#limited.findings(oneByOne.name);
    const inSeries = this.series()
      .filter(({ runs, isShared }) => runs.length > 0 && !isShared)
      .flatMap((series) => findingOf(this.#trace, series) ?? [])
      .sort((a, b) => b.gainNs! - a.gainNs!)
      .slice(0, MAX_FINDINGS);
    const asked = this.#asked.findings(oneByOne.name);
    const paced = this.#paced.findings(oneByOne.name);
    return [...limited, ...paced, ...asked, ...reducedOneByOne(this.#trace, oneByOne.name), ...inSeries];
  }
}

/** Null: it took too little of the task's life. */
function findingOf(trace: Trace, series: AwaitSeries): Finding | null {
  const { runs, runCount, allGainNs, sites, note } = series;
  if (runCount >= MANY_RUNS && allGainNs < runCount * MIN_MEAN_GAIN_NS) return null;
  const best = runs.reduce((a, b) => (gainOf(b) > gainOf(a) ? b : a));
  const row = trace.rowOf(best.task);
  const ofRow = runs.filter(({ task }) => trace.rowOf(task) === row);
  const sum = (of: (run: AwaitRun) => number): number => ofRow.reduce((ns, run) => ns + of(run), 0);
  const waitNs = sum((run) => run.waitNs);
  const gainNs = sum(gainOf);
  const { livedNs } = timesSoFar(trace, row);
  if (waitNs < MIN_WAIT_NS || waitNs < MIN_SHARE * livedNs) return null;
  if (gainNs < MIN_GAIN_NS || gainNs < MIN_GAIN_SHARE * livedNs) return null;
  const calls = sum((run) => run.calls);
  // The steps of a script are often meant to come one after another.
  const isScript = trace.tasks.kind[best.task] === ACTIVATION_KIND.module;
  const isInfo = isScript || note === SITE_NOTE['effect-in-loop'];
  const others = runCount - ofRow.length;
  const [firstSite = -1] = sites;
  const words: SentencePart[] = [
    taskPart(trace, best.task),
    inFunction(trace, best.task, firstSite),
    ` awaited ${count(calls, 'call')} of `,
    ...calledNames(trace, sites),
    ' one after another (',
    linesPart(trace, sites),
    `): ${duration(waitNs)} of ${duration(livedNs)}; together they would take ${duration(waitNs - gainNs)}` +
      `${others > 0 ? ` (and so ${count(others, 'time')} more)` : ''}. `,
    ...describeMend(trace, note, sites, isOfPython(trace, best.task)),
  ];
  return {
    rule: oneByOne.name,
    severity: isInfo ? 'info' : 'warning',
    words,
    sites: [...sites],
    tasks: [row],
    t: best.endNs,
    sinceNs: Math.min(...ofRow.map(({ startNs }) => startNs)),
    gainNs,
  };
}

const isOfPython = ({ tasks, processes }: Trace, task: number): boolean =>
  processes[tasks.process[task]!]?.language === LANGUAGE.python;

/** Why they need not wait for each other, and what to write instead. */
function describeMend(trace: Trace, note: number, sites: ReadonlySet<number>, isPython: boolean): Sentence {
  const all = isPython ? '`asyncio.gather`' : 'Promise.all';
  if (note === SITE_NOTE['in-loop'])
    return [`No turn of the loop uses what an earlier one gave: begin all, then await ${all}.`];
  if (note === SITE_NOTE['effect-in-loop'])
    return [`If the order does not matter, begin all and await ${all}.`];
  const independent = [...sites].filter((site) => trace.sites[site]!.note === SITE_NOTE.independent);
  return [
    ...calledNames(trace, new Set(independent)),
    ` ${independent.length === 1 ? 'needs' : 'need'} nothing of what is awaited before: `,
    `begin it earlier, and await ${all}.`,
  ];
}

/** "`load`", "`load`, `rate` and 2 others": what was called at these awaits, as written. */
function calledNames(trace: Trace, sites: ReadonlySet<number>): Sentence {
  const names = [...new Set([...sites].map((site) => calleeOf(trace.sites[site]!.text)))];
  const shown = names.length > MAX_NAMES ? names.slice(0, MAX_NAMES - 1) : names;
  const entries = shown.map((name) => `\`${name}\``);
  if (shown.length < names.length) entries.push(count(names.length - shown.length, 'other'));
  const last = entries.pop()!;
  return [entries.length === 0 ? last : `${entries.join(', ')} and ${last}`];
}

/** "authors.load" of "authors.load(post.author)". */
function calleeOf(text: string): string {
  const end = text.indexOf('(');
  return end > 0 ? text.slice(0, end).replace(/\?\.$/, '') : text;
}

/** "report.ts:24–26": a link to the first of them. */
function linesPart(trace: Trace, sites: ReadonlySet<number>): SentencePart {
  const inOrder = [...sites].sort((a, b) => trace.sites[a]!.line - trace.sites[b]!.line);
  const [first] = inOrder as [number];
  const { file, line } = trace.sites[first]!;
  const lastLine = trace.sites[inOrder.at(-1)!]!.line;
  const lines = lastLine === line ? `${line}` : `${line}–${lastLine}`;
  return { site: first, text: `${displayPath(file)}:${lines}` };
}
