/**
 * A pool's chunks are so small that handing them over takes longer than the work in them. Both are taken from the records: how long a chunk took, and how
 * long its worker then stood before the next.
 */
import type { RowChange } from '../fold/observer.ts';
import type { Chunk } from '../model/links.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart } from '../words/names.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { poolOf } from './pools.ts';

const MIN_CHUNKS = 100;
/** A longer pause between two chunks is not the handing over: there was nothing to do. */
const MAX_GAP_NS = 1e6;
/** All of it must be worth a word. */
const MIN_LOST_NS = 10e6;

class HandOver {
  chunks = 0;
  items = 0;
  workNs = 0;
  gaps = 0;
  gapNs = 0;
  firstNs = Number.NaN;
  lastNs = 0;
}

class SmallChunks implements RuleRun {
  readonly #trace: Trace;
  readonly #pools = new Map<number, HandOver>();
  readonly #running = new Map<number, { readonly pool: HandOver; readonly sinceNs: number }>();
  /** By lane: when its last chunk ended, and of which pool that was. */
  readonly #free = new Map<number, { readonly pool: HandOver; readonly t: number }>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  chunkBegan(task: number, t: number, { pool: resource, items }: Chunk): void {
    if (resource < 0) return;
    const made = poolOf(this.#trace, resource);
    let pool = this.#pools.get(made);
    if (pool === undefined) this.#pools.set(made, (pool = new HandOver()));
    if (Number.isNaN(pool.firstNs)) pool.firstNs = t;
    pool.items += Math.max(1, items);
    this.#running.set(task, { pool, sinceNs: t });
    const free = this.#free.get(this.#trace.tasks.lane[task]!);
    if (free?.pool !== pool || t - free.t > MAX_GAP_NS) return;
    pool.gaps++;
    pool.gapNs += t - free.t;
  }

  rowChanged({ row, t, state }: RowChange): void {
    if (state !== State.ended) return;
    const chunk = this.#running.get(row);
    if (chunk === undefined) return;
    this.#running.delete(row);
    const { pool } = chunk;
    pool.chunks++;
    pool.workNs += t - chunk.sinceNs;
    pool.lastNs = t;
    this.#free.set(this.#trace.tasks.lane[row]!, { pool, t });
  }

  findings(): Finding[] {
    return [...this.#pools].flatMap(([resource, pool]) => this.#find(resource, pool) ?? []);
  }

  #find(resource: number, pool: HandOver): Finding | null {
    const { chunks, items, workNs, gaps, gapNs } = pool;
    if (chunks < MIN_CHUNKS || gaps === 0 || gapNs < MIN_LOST_NS) return null;
    const [work, gap] = [workNs / chunks, gapNs / gaps];
    if (work >= gap) return null;
    const trace = this.#trace;
    const { site } = trace.resources[resource]!;
    const each = Math.round(items / chunks);
    return {
      rule: smallChunks.name,
      severity: 'warning',
      words: [
        resourcePart(trace, resource),
        ` was given ${count(chunks, 'chunk')} of ${each <= 1 ? '1 item' : `about ${count(each, 'item')}`}: each took ${duration(work)}, ` +
          `and handing over the next one took ${duration(gap)}. Larger chunks would be worth their way.`,
      ],
      sites: site >= 0 ? [site] : [],
      tasks: [],
      t: pool.lastNs,
      sinceNs: pool.firstNs,
    };
  }
}

export const smallChunks: Rule = {
  name: 'small-chunks',
  says: 'Handing chunks to a pool took longer than the work in them.',
  start: (trace) => new SmallChunks(trace),
};
