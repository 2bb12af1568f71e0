/**
 * A queue without bound into which more goes than comes out: it grows for as long as the program runs. Told when, while items came out all along, the
 * shallowest it got rose from one stretch of puts to the next, several times in a row. A queue that is filled first and emptied later does not grow.
 */
import type { LevelChange } from '../fold/observer.ts';
import { KIND, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart, taskPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const QUEUES = numberSet(RESOURCE_KIND, 'queue', 'priority-queue', 'lifo-queue');
/** Puts to a stretch; gets that must come between them; stretches in a row; items that must wait. */
const STRETCH = 256;
const MIN_GETS = 8;
const IN_A_ROW = 4;
const MIN_DEPTH = 1000;

/** What is known of one queue; of a stretch: how it began, and how shallow the queue got. */
interface Depth {
  puts: number;
  gets: number;
  shallowest: number;
  startNs: number;
  /** How many stretches it has grown in a row, since when, and how shallow the last one got. */
  grown: number;
  sinceNs: number;
  before: number;
  putsSince: number;
  getsSince: number;
  /** The longest it grew so far. */
  found: Growth | null;
}

interface Growth {
  readonly sinceNs: number;
  readonly t: number;
  readonly depth: number;
  readonly puts: number;
  readonly gets: number;
  readonly by: number;
}

class GrowingQueue implements RuleRun {
  readonly #trace: Trace;
  readonly #depths = new Map<number, Depth>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  levelChanged({ resource, t, level, by, kind }: LevelChange): void {
    if (kind !== KIND.put && kind !== KIND.get) return;
    const it = this.#trace.resources[resource]!;
    if (it.capacity !== null || !QUEUES.has(it.kind)) return;
    let depth = this.#depths.get(resource);
    if (depth === undefined) this.#depths.set(resource, (depth = beginning(t)));
    if (level < depth.shallowest) depth.shallowest = level;
    if (kind === KIND.get) depth.gets++;
    else if (++depth.puts === STRETCH) nextStretch(depth, t, level, by);
  }

  findings(): Finding[] {
    return [...this.#depths].flatMap(([resource, { found }]) =>
      found === null ? [] : [this.#say(resource, found)],
    );
  }

  #say(resource: number, growth: Growth): Finding {
    const trace = this.#trace;
    const { site } = trace.resources[resource]!;
    const words: Part[] = [
      resourcePart(trace, resource),
      ` has no capacity and grew for ${duration(growth.t - growth.sinceNs)} to ${count(growth.depth, 'item')}: ` +
        `${growth.puts.toLocaleString('en')} went in and ${growth.gets.toLocaleString('en')} came out`,
    ];
    if (growth.by >= 0) words.push('; the last was put by ', taskPart(trace, trace.rowOf(growth.by)));
    words.push('. With a capacity put() would wait for the consumers.');
    return {
      rule: growingQueue.name,
      severity: 'warning',
      words,
      sites: site >= 0 ? [site] : [],
      tasks: growth.by >= 0 ? [trace.rowOf(growth.by)] : [],
      t: growth.t,
      sinceNs: growth.sinceNs,
    };
  }
}

const beginning = (t: number): Depth => ({
  puts: 0,
  gets: 0,
  shallowest: Infinity,
  startNs: t,
  grown: 0,
  sinceNs: t,
  before: -1,
  putsSince: 0,
  getsSince: 0,
  found: null,
});

function nextStretch(depth: Depth, t: number, level: number, by: number): void {
  if (depth.gets >= MIN_GETS && depth.shallowest > depth.before) {
    if (depth.grown++ === 0) {
      depth.sinceNs = depth.startNs;
      depth.putsSince = 0;
      depth.getsSince = 0;
    }
    depth.putsSince += depth.puts;
    depth.getsSince += depth.gets;
    if (depth.grown >= IN_A_ROW && level >= MIN_DEPTH && level > (depth.found?.depth ?? 0)) {
      const { sinceNs, putsSince: puts, getsSince: gets } = depth;
      depth.found = { sinceNs, t, depth: level, puts, gets, by };
    }
  } else depth.grown = 0;
  depth.before = depth.shallowest;
  depth.shallowest = level;
  depth.puts = 0;
  depth.gets = 0;
  depth.startNs = t;
}

export const growingQueue: Rule = {
  name: 'growing-queue',
  says: 'A queue without a capacity grows, because more is put into it than is taken out.',
  start: (trace) => new GrowingQueue(trace),
};
