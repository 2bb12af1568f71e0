/**
 * An interval begins a function again while former runs of it still wait: it takes longer than the
 * interval. A warning where the parser saw that it changes what its runs share, else information:
 * that many at once may be meant, as in a load test.
 *
 * A run that begins and ends at once, since it sees that another goes on, overlaps nothing.
 */
import { ACTIVATION_KIND, REASON, RESOURCE_KIND, SITE_NOTE } from '../format/kinds.ts';
import type { RowChange } from '../fold/observer.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { PacedTasks } from './paced-tasks.ts';

export const overlap: Rule = {
  name: 'overlap',
  description: 'An interval begins a function again while its former run still goes on.',
  start: (trace) => new Overlap(trace),
};

const TIMER_CALLBACK = ACTIVATION_KIND['timer-callback'];
const MAX_FINDINGS = 20;
const MAX_TASKS = 20;
/** Once may be by chance: so often, or half of all runs. */
const MIN_OVERLAPS = 3;

/** The runs that one interval begins of one function. */
interface IntervalRuns {
  readonly resource: number;
  readonly task: number;
  /** Those that have begun to wait, and go on. */
  readonly open: Set<number>;
  runs: number;
  overlaps: number;
  /** How many earlier runs went on when another began to wait. */
  fewest: number;
  most: number;
  longestNs: number;
  readonly tasks: number[];
  firstNs: number;
  lastNs: number;
}

class Overlap implements RuleRun {
  readonly waitReasons = [REASON.timer];
  readonly rowStates = [State.wait];
  readonly #trace: Trace;
  /** By interval and function. */
  readonly #intervals = new Map<string, IntervalRuns>();
  /** Runs that go on. */
  readonly #runs = new Map<number, IntervalRuns>();

  /** Of Python's tasks, which a loop of the program's own begins. */
  readonly #begun: PacedTasks;

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#begun = new PacedTasks(trace);
  }

  waitEnded(wait: EndedWait): void {
    this.#begun.waitEnded(wait);
  }

  taskBegan(task: number): void {
    this.#begun.taskBegan(task);
    const { tasks, resources } = this.#trace;
    const callback = tasks.parent[task]!;
    if (callback < 0 || tasks.kind[callback] !== TIMER_CALLBACK) return;
    const timer = resources[tasks.resource[callback]!];
    if (timer?.kind !== RESOURCE_KIND.timer || !timer.name.startsWith('setInterval')) return;
    const key = `${timer.index} ${tasks.site[task]}`;
    let interval = this.#intervals.get(key);
    if (interval === undefined) {
      interval = {
        resource: timer.index,
        task,
        open: new Set(),
        runs: 0,
        overlaps: 0,
        fewest: Number.POSITIVE_INFINITY,
        most: 0,
        longestNs: 0,
        tasks: [],
        firstNs: 0,
        lastNs: 0,
      };
      this.#intervals.set(key, interval);
    }
    interval.runs++;
    this.#runs.set(task, interval);
  }

  rowChanged({ row, t }: RowChange): void {
    if (this.#runs.size === 0) return;
    const interval = this.#runs.get(row);
    if (interval === undefined || interval.open.has(row)) return;
    const others = interval.open.size;
    interval.open.add(row);
    if (others === 0) return;
    if (interval.overlaps++ === 0) interval.firstNs = t;
    interval.lastNs = t;
    interval.fewest = Math.min(interval.fewest, others);
    interval.most = Math.max(interval.most, others);
    if (interval.tasks.length < MAX_TASKS) interval.tasks.push(row);
  }

  taskEnded(task: number, t: number): void {
    const interval = this.#runs.get(task);
    if (interval === undefined) return;
    this.#runs.delete(task);
    interval.open.delete(task);
    interval.longestNs = Math.max(interval.longestNs, t - this.#trace.tasks.beganNs[task]!);
  }

  findings(): Finding[] {
    const begun = this.#begun.findings(overlap.name);
    const found = [...this.#intervals.values()]
      .filter(({ overlaps, runs }) => overlaps >= MIN_OVERLAPS || (overlaps > 0 && 2 * overlaps >= runs))
      .slice(0, MAX_FINDINGS)
      .map((interval) => findingOf(this.#trace, interval));
    return [...found, ...begun];
  }
}

function findingOf(trace: Trace, interval: IntervalRuns): Finding {
  const { resource, task, runs, overlaps, fewest, most, longestNs, tasks, firstNs, lastNs } = interval;
  const { site } = trace.resources[resource]!;
  const functionSite = trace.tasks.site[task]!;
  const sharesState = trace.sites[functionSite]?.note === SITE_NOTE['shared-state'];
  const words: SentencePart[] = [
    { task, text: trace.nameOf(task) },
    ' was begun by ',
    resourcePart(trace, resource),
  ];
  if (site >= 0) words.push(' (', sitePart(trace, site), ')');
  words.push(
    ` while ${fewest === most ? '' : `${fewest} to `}${count(most, 'earlier run')} of it still went on`,
  );
  words.push(`, ${overlaps} of ${count(runs, 'time')}`);
  if (longestNs > 0) words.push(`: a run took up to ${duration(longestNs)}`);
  words.push(sharesState ? ', and its runs change the same things. ' : '. ');
  words.push('Leave a run out while the former goes on, or set the next timer at its end.');
  return {
    rule: overlap.name,
    severity: sharesState ? 'warning' : 'info',
    words,
    sites: [site, functionSite].filter((known) => known >= 0),
    tasks,
    t: lastNs,
    sinceNs: firstNs,
    isWrong: sharesState,
  };
}
