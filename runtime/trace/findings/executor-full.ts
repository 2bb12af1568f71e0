/**
 * A short call stood behind long ones of another function in a pool of threads: all its threads had
 * those. Of Python's ThreadPoolExecutor, the default one of an event loop above all, which look-ups
 * of names need as well. Calls of one function that wait for each other are what the program wants.
 */
import type { Observer, RowChange } from '../fold/observer.ts';
import { ACTIVATION_KIND, RESOURCE_KIND } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, sitePart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const CHUNK = ACTIVATION_KIND.chunk;
const MIN_WAIT_NS = 100e6;
/** So many times its own run it waited. */
const MIN_TIMES = 5;
const MIN_FULL_SHARE = 0.7;
const MAX_CALLS = 100_000;
/** Those that waited longest: each is compared with all others. */
const MAX_LATE = 50;

interface Call {
  readonly task: number;
  readonly pool: number;
  readonly askedNs: number;
  readonly startNs: number;
  readonly endNs: number;
}

export class ExecutorCalls implements Observer {
  readonly rowStates = [State.run];
  readonly #trace: Trace;
  /** By call: when it began to run. */
  readonly #started = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  rowChanged({ row, t, last }: RowChange): void {
    if (last !== State.ready || this.#trace.tasks.kind[row] !== CHUNK) return;
    if (!this.#started.has(row) && this.#started.size < MAX_CALLS) this.#started.set(row, t);
  }

  /** One that its caller awaits at once has no row of its own. */
  taskResumed(task: number, t: number): void {
    const { kind, frameOf } = this.#trace.tasks;
    if (kind[task] !== CHUNK || frameOf[task]! < 0) return;
    if (!this.#started.has(task) && this.#started.size < MAX_CALLS) this.#started.set(task, t);
  }

  /** @param rule the name of the rule that says so */
  lateOnes(rule: string): Finding[] {
    const calls = [...this.#started].flatMap(([task, startNs]) => this.#callOf(task, startNs) ?? []);
    const late = calls
      .filter(({ askedNs, startNs, endNs }) => {
        const waitedNs = startNs - askedNs;
        return waitedNs >= MIN_WAIT_NS && waitedNs >= MIN_TIMES * (endNs - startNs);
      })
      .sort((a, b) => waitOf(b) - waitOf(a))
      .slice(0, MAX_LATE)
      .map((call) => ({ call, before: this.#before(call, calls) }))
      .filter(({ before }) => before.length > 0);
    if (late.length === 0) return [];
    const worst = late.reduce((a, b) => (waitOf(b.call) > waitOf(a.call) ? b : a));
    return [findingOf(this.#trace, rule, worst.call, worst.before, late.length)];
  }

  #callOf(task: number, startNs: number): Call | null {
    const { tasks, resources, endNs } = this.#trace;
    const pool = tasks.resource[task]!;
    if (resources[pool]?.kind !== RESOURCE_KIND.pool || resources[pool].capacity === null) return null;
    const endedNs = tasks.state[task] === State.ended ? tasks.endedNs[task]! : endNs;
    return { task, pool, askedNs: tasks.beganNs[task]!, startNs, endNs: endedNs };
  }

  /**
   * The calls of another function that had the pool's threads meanwhile; empty: they had not all.
   */
  #before(call: Call, calls: readonly Call[]): readonly Call[] {
    const { tasks, resources } = this.#trace;
    const others = calls.filter(
      (other) =>
        other.pool === call.pool &&
        tasks.name[other.task] !== tasks.name[call.task] &&
        other.startNs < call.startNs &&
        other.endNs > call.askedNs,
    );
    const hadNs = others.reduce(
      (sum, { startNs, endNs }) => sum + Math.min(endNs, call.startNs) - Math.max(startNs, call.askedNs),
      0,
    );
    const capacity = resources[call.pool]!.capacity!;
    return hadNs >= MIN_FULL_SHARE * capacity * waitOf(call) ? others : [];
  }
}

const waitOf = ({ askedNs, startNs }: Call): number => startNs - askedNs;

function findingOf(
  trace: Trace,
  rule: string,
  call: Call,
  before: readonly Call[],
  lateCount: number,
): Finding {
  const { task, pool, askedNs, startNs, endNs } = call;
  const { capacity } = trace.resources[pool]!;
  const site = madeAt(trace, task);
  const [{ task: other }] = before as readonly [Call];
  const otherSite = madeAt(trace, other);
  const words: SentencePart[] = [
    { task: trace.rowOf(task), text: trace.labelOf(task) },
    ...(site >= 0 ? [' (asked for at ', sitePart(trace, site), ')'] : []),
    ` waited ${duration(startNs - askedNs)} for a thread of `,
    resourcePart(trace, pool),
    ` and then ran for ${duration(endNs - startNs)}: all ${count(capacity ?? 0, 'thread')} had calls of \`` +
      `${trace.nameOf(other)}\``,
    ...(otherSite >= 0 ? [' (', sitePart(trace, otherSite), ')'] : []),
    `${lateCount > 1 ? `, and so ${count(lateCount - 1, 'other')} waited` : ''}. `,
    trace.resources[pool]!.name.startsWith('anyio')
      ? 'Give the long ones a `CapacityLimiter` of their own (`limiter=`).'
      : 'Give the long ones a pool of their own.',
  ];
  return {
    rule,
    severity: 'warning',
    words,
    sites: [site, otherSite].filter((known) => known >= 0),
    tasks: [task, other],
    t: startNs,
    sinceNs: askedNs,
    gainNs: startNs - askedNs,
  };
}

/** The line that asked for it, or made the task that did. */
function madeAt({ tasks }: Trace, task: number): number {
  const own = tasks.madeAt[task]!;
  const by = tasks.parent[task]!;
  return own >= 0 || by < 0 ? own : tasks.madeAt[by]!;
}
