/**
 * A task waits for room in a queue, or for an item of one. All who took from the queue, or put into
 * it, have ended, one of them by an error: nobody will do it any more. Nothing else happens.
 * Refuted by somebody who is only about to begin: then something happens.
 */
import type { LevelChange } from '../fold/observer.ts';
import { KIND, OUTCOME, REASON } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { describeStandstill, type Standstill, standstillOf } from './standstill.ts';

export const abandonedQueue: Rule = {
  name: 'abandoned-queue',
  description: 'Who took from a queue, or put into it, failed; others wait for it.',
  start: (trace, gaps) => new AbandonedQueues(trace, gaps),
};

const MAX_FINDINGS = 20;
const MAX_TASKS = 100;
const MAX_PARTNERS = 64;
const MAX_QUEUES = 10_000;

/** Who did one thing with a queue: those that may still live, and the last that failed. */
interface Partners {
  readonly tasks: Set<number>;
  /** There were too many, or one that was not recorded: they are not known. */
  isUnknown: boolean;
}

class AbandonedQueues implements RuleRun {
  readonly #trace: Trace;
  readonly #gaps: QuietGaps;
  readonly #takers = new Map<number, Partners>();
  readonly #putters = new Map<number, Partners>();

  constructor(trace: Trace, gaps: QuietGaps) {
    this.#trace = trace;
    this.#gaps = gaps;
  }

  levelChanged({ resource, by, kind }: LevelChange): void {
    const all = kind === KIND.put ? this.#putters : kind === KIND.get ? this.#takers : null;
    if (all === null) return;
    let partners = all.get(resource);
    if (partners === undefined) {
      if (all.size >= MAX_QUEUES) return;
      all.set(resource, (partners = { tasks: new Set(), isUnknown: false }));
    }
    if (by < 0) partners.isUnknown = true;
    else if (partners.tasks.size < MAX_PARTNERS) partners.tasks.add(by);
    else partners.isUnknown ||= !partners.tasks.has(by);
  }

  findings(): Finding[] {
    if (this.#takers.size === 0 && this.#putters.size === 0) return [];
    const trace = this.#trace;
    const byQueue = new Map<string, Wait[]>();
    for (const wait of openWaits(trace)) {
      if (wait.reason !== REASON['queue-put'] && wait.reason !== REASON['queue-get']) continue;
      const key = `${wait.reason} ${resourceOfTarget(wait.target)}`;
      const waits = byQueue.get(key);
      if (waits) waits.push(wait);
      else byQueue.set(key, [wait]);
    }
    return [...byQueue.values()].slice(0, MAX_FINDINGS).flatMap((waits) => this.#findingOf(waits) ?? []);
  }

  /** @param waits for the same, at least one */
  #findingOf(waits: readonly Wait[]): Finding | null {
    const trace = this.#trace;
    const { tasks } = trace;
    const first = waits[0]!;
    const queue = resourceOfTarget(first.target);
    const process = trace.processes[tasks.process[first.row]!]!;
    const isPut = first.reason === REASON['queue-put'];
    const partners = (isPut ? this.#takers : this.#putters).get(queue);
    if (partners === undefined || partners.isUnknown) return null;
    const waiting = new Set(waits.map(({ row }) => row));
    const rows = [...partners.tasks].map((task) => trace.rowOf(task)).filter((row) => !waiting.has(row));
    if (rows.some((row) => tasks.rowState[row] !== State.ended)) return null;
    const failed = rows
      .filter((row) => tasks.outcome[row] === OUTCOME.error)
      .sort((a, b) => tasks.endedNs[b]! - tasks.endedNs[a]!)[0];
    if (failed === undefined) return null;
    const stand = standstillOf(trace, this.#gaps, process);
    // To wait for more until the end is what workers are for.
    if (stand === null || (stand.quietNs === 0 && !isPut)) return null;
    return findingOf(trace, { waits, queue, isPut, failed, stand });
  }
}

interface Abandoned {
  readonly waits: readonly Wait[];
  readonly queue: number;
  readonly isPut: boolean;
  /** The row of who failed. */
  readonly failed: number;
  readonly stand: Standstill;
}

function findingOf(trace: Trace, { waits, queue, isPut, failed, stand }: Abandoned): Finding {
  const { error, endSite } = trace.tasks;
  const first = waits[0]!;
  const words = error[failed]! < 0 ? 'an error' : trace.text(error[failed]!).replace(/\.$/, '');
  const thrownAt = endSite[failed]!;
  const others = waits.length - 1;
  return {
    rule: abandonedQueue.name,
    severity: 'error',
    words: [
      taskPart(trace, failed),
      `, which ${isPut ? 'took from' : 'put into'} `,
      resourcePart(trace, queue),
      `, failed with ${words}`,
      ...(thrownAt >= 0 ? [' at ', sitePart(trace, thrownAt)] : []),
      `, and nobody else ${isPut ? 'takes from' : 'puts into'} it: `,
      taskPart(trace, first.row),
      others > 0 ? ` and ${others} more wait` : ' waits',
      ...(first.site >= 0 ? [' at ', sitePart(trace, first.site)] : []),
      isPut ? ' for room in it' : ' for an item of it',
      describeStandstill(stand),
      '.',
    ],
    sites: [thrownAt, first.site].filter((site) => site >= 0),
    tasks: [failed, ...waits.map(({ row }) => row)].slice(0, MAX_TASKS),
    t: first.startNs,
    sinceNs: first.startNs,
    explainsEnd: true,
  };
}
