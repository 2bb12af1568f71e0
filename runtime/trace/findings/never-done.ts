/**
 * A queue's `join` waits for items of which nobody says that they are done: a consumer took them,
 * and did not call `task_done`. Said where the wait goes on and nobody is at work on an item: the
 * process has ended, or stands still, and each consumer has come to wait again.
 */
import type { LevelChange, ResourceUse } from '../fold/observer.ts';
import { KIND, LANGUAGE, REASON, RESOURCE_KIND, numberSet, USE } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { standstillOf } from './standstill.ts';

export const neverDone: Rule = {
  name: 'never-done',
  description: 'A queue is joined, and an item that was taken from it is never reported done.',
  start: (trace, gaps) => new NeverDone(trace, gaps),
};

const MAX_TOLD = 3;
const MAX_QUEUES = 10_000;
const QUEUE_KINDS = numberSet(RESOURCE_KIND, 'queue', 'priority-queue', 'lifo-queue');

class NeverDone implements RuleRun {
  readonly #trace: Trace;
  readonly #gaps: QuietGaps;
  /** By queue, by row: how many items it took and has not reported. */
  readonly #taken = new Map<number, Map<number, number>>();

  constructor(trace: Trace, gaps: QuietGaps) {
    this.#trace = trace;
    this.#gaps = gaps;
  }

  levelChanged({ resource, by, kind }: LevelChange): void {
    if (kind === KIND.get) this.#count(resource, by, 1);
  }

  resourceUsed({ useKind, resource, by }: ResourceUse): void {
    if (useKind === USE.call && QUEUE_KINDS.has(this.#trace.resources[resource]!.kind))
      this.#count(resource, by, -1);
  }

  #count(resource: number, by: number, step: number): void {
    const { resources, processes } = this.#trace;
    if (by < 0 || processes[resources[resource]!.process]!.language !== LANGUAGE.python) return;
    let rows = this.#taken.get(resource);
    if (rows === undefined && this.#taken.size >= MAX_QUEUES) return;
    if (rows === undefined) this.#taken.set(resource, (rows = new Map()));
    const row = this.#trace.rowOf(by);
    rows.set(row, (rows.get(row) ?? 0) + step);
  }

  findings(): Finding[] {
    const trace = this.#trace;
    return openWaits(trace).flatMap((wait): Finding[] => {
      const resource = resourceOfTarget(wait.target);
      const info = trace.resources[resource];
      if (wait.reason !== REASON.join || info === undefined || !QUEUE_KINDS.has(info.kind)) return [];
      if (trace.losses.hasAny(info.process)) return [];
      if (standstillOf(trace, this.#gaps, trace.processes[info.process]!) === null) return [];
      const owing = [...(this.#taken.get(resource) ?? [])].filter(([, left]) => left > 0);
      if (owing.length === 0 || !owing.every(([row]) => this.#isIdle(row, resource))) return [];
      const left = owing.reduce((sum, [, each]) => sum + each, 0);
      const words: SentencePart[] = [
        taskPart(trace, wait.row),
        ' waits',
        ...(wait.site >= 0 ? [' at ', sitePart(trace, wait.site)] : []),
        ' for ',
        resourcePart(trace, resource),
        ` to be done with ${count(left, 'item')}`,
      ];
      owing.slice(0, MAX_TOLD).forEach(([row, each], i) => {
        const site = trace.tasks.waitSite[row]!;
        words.push(i === 0 ? ': ' : ', ', taskPart(trace, row), ` took ${each}`);
        if (site >= 0) words.push(' at ', sitePart(trace, site));
      });
      words.push(' without task_done(), and waits for the next or has ended.');
      return [
        {
          rule: neverDone.name,
          severity: 'error',
          words,
          sites: [wait.site, ...owing.map(([row]) => trace.tasks.waitSite[row]!)].filter((site) => site >= 0),
          tasks: [wait.row, ...owing.map(([row]) => row)],
          t: wait.startNs,
          sinceNs: wait.startNs,
          explainsEnd: true,
        },
      ];
    });
  }

  /** It has ended, or waits for the queue's next item. */
  #isIdle(row: number, resource: number): boolean {
    const { state, target } = this.#trace.tasks;
    if (state[row] === State.ended) return true;
    return state[row] === State.wait && resourceOfTarget(target[row]!) === resource;
  }
}
