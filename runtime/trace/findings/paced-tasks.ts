/**
 * Tasks of one function that one line of Python begins at a pace of its own (it sleeps in between)
 * while earlier ones still go on: each takes longer than the pace. Information: that many at once
 * may be meant.
 */
import { ACTIVATION_KIND, REASON } from '../format/kinds.ts';
import type { Observer } from '../fold/observer.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { count, duration } from '../words/duration.ts';
import { sitePart } from '../words/parts.ts';
import type { Finding } from './finding.ts';

const TASK = ACTIVATION_KIND['asyncio-task'];
const MIN_OVERLAPS = 3;
const MAX_FINDINGS = 20;
const MAX_TASKS = 20;
const MAX_NOTED = 100_000;
/** Each is compared with those before it. */
const MAX_COMPARED = 500;

export class PacedTasks implements Observer {
  readonly #trace: Trace;
  /** By row: how many of its waits for a timer are over. */
  readonly #slept = new Map<number, number>();
  /** By task: how often its parent had slept when it began. */
  readonly #begun = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded({ row, reason }: EndedWait): void {
    if (reason === REASON.timer && this.#trace.tasks.kind[row] === TASK)
      this.#slept.set(row, (this.#slept.get(row) ?? 0) + 1);
  }

  taskBegan(task: number): void {
    const { kind, parent } = this.#trace.tasks;
    if (kind[task] !== TASK || parent[task]! < 0 || this.#begun.size >= MAX_NOTED) return;
    this.#begun.set(task, this.#slept.get(parent[task]!) ?? 0);
  }

  /** @param rule the name of the rule that says so */
  findings(rule: string): Finding[] {
    const { parent, madeAt, name } = this.#trace.tasks;
    const groups = new Map<string, number[]>();
    for (const task of this.#begun.keys()) {
      if (madeAt[task]! < 0) continue;
      const key = `${parent[task]} ${madeAt[task]} ${name[task]}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [task]);
      else group.push(task);
    }
    return [...groups.values()]
      .filter((group) => this.#isPaced(group))
      .flatMap((group) => findingOf(this.#trace, rule, group) ?? [])
      .slice(0, MAX_FINDINGS);
  }

  /** One at a time, with a sleep before the next. */
  #isPaced(group: readonly number[]): boolean {
    if (group.length <= MIN_OVERLAPS) return false;
    return group.every((task, i) => i === 0 || this.#begun.get(task)! > this.#begun.get(group[i - 1]!)!);
  }
}

/** @param group in the order in which they began */
function findingOf(trace: Trace, rule: string, all: readonly number[]): Finding | null {
  const group = all.slice(0, MAX_COMPARED);
  const { beganNs, endedNs, state, madeAt } = trace.tasks;
  const endOf = (task: number): number => (state[task] === State.ended ? endedNs[task]! : trace.endNs);
  const earlier = group.map(
    (task, i) => group.slice(0, i).filter((other) => endOf(other) > beganNs[task]!).length,
  );
  const overlaps = earlier.filter((others) => others > 0);
  if (overlaps.length < MIN_OVERLAPS || 2 * overlaps.length < group.length) return null;
  const first = group[0]!;
  const site = madeAt[first]!;
  const last = group.at(-1)!;
  const paceNs = (beganNs[last]! - beganNs[first]!) / (group.length - 1);
  const longestNs = Math.max(...group.map((task) => endOf(task) - beganNs[task]!));
  const most = Math.max(...overlaps);
  const fewest = Math.min(...overlaps);
  return {
    rule,
    severity: 'info',
    words: [
      { task: first, text: trace.nameOf(first) },
      ' was begun at ',
      sitePart(trace, site),
      ` every ${duration(paceNs)} while ${fewest === most ? '' : `${fewest} to `}` +
        `${count(most, 'earlier run')} of it still went on, ${overlaps.length} of ${count(group.length, 'time')}: ` +
        `a run took up to ${duration(longestNs)}. Await it, then sleep; or leave one out while the former goes on.`,
    ],
    sites: [site, trace.tasks.site[first]!].filter((known) => known >= 0),
    tasks: group.slice(0, MAX_TASKS),
    t: beganNs[last]!,
    sinceNs: beganNs[first]!,
  };
}
