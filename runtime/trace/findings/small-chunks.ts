/**
 * A pool's chunks are so small that handing them over takes longer than the work in them. Both
 * times are taken from the records: how long a chunk took, and how long its worker then stood
 * before the next.
 */
import type { RowChange } from '../fold/observer.ts';
import type { Chunk } from '../model/links.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { count, duration } from '../words/duration.ts';
import { resourcePart } from '../words/parts.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { poolOf } from './pools.ts';

export const smallChunks: Rule = {
  name: 'small-chunks',
  description: 'Handing chunks to a pool took longer than the work in them.',
  start: (trace) => new SmallChunks(trace),
};

const MIN_CHUNKS = 100;
/** A longer pause between two chunks is not the handing over: there was nothing to do. */
const MAX_GAP_NS = 1e6;
/** All handing over together must take so long to be worth a finding. */
const MIN_LOST_NS = 10e6;

/** What a pool's chunks and the gaps between them took. */
class ChunkSums {
  chunks = 0;
  items = 0;
  workNs = 0;
  gaps = 0;
  gapNs = 0;
  firstNs = Number.NaN;
  lastNs = 0;
}

interface OpenChunk {
  readonly sums: ChunkSums;
  readonly sinceNs: number;
}

interface EndedChunk {
  readonly sums: ChunkSums;
  readonly t: number;
}

class SmallChunks implements RuleRun {
  readonly rowStates = [State.ended];
  readonly #trace: Trace;
  /** By the resource of the pool. */
  readonly #pools = new Map<number, ChunkSums>();
  /** By task. */
  readonly #openChunks = new Map<number, OpenChunk>();
  /** By lane: the chunk that ended last on it. */
  readonly #lastChunks = new Map<number, EndedChunk>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  chunkBegan(task: number, t: number, { pool, items }: Chunk): void {
    if (pool < 0) return;
    const resource = poolOf(this.#trace, pool);
    let sums = this.#pools.get(resource);
    if (sums === undefined) this.#pools.set(resource, (sums = new ChunkSums()));
    if (Number.isNaN(sums.firstNs)) sums.firstNs = t;
    sums.items += Math.max(1, items);
    this.#openChunks.set(task, { sums, sinceNs: t });
    const last = this.#lastChunks.get(this.#trace.tasks.lane[task]!);
    if (last?.sums !== sums || t - last.t > MAX_GAP_NS) return;
    sums.gaps++;
    sums.gapNs += t - last.t;
  }

  rowChanged({ row, t }: RowChange): void {
    const chunk = this.#openChunks.get(row);
    if (chunk === undefined) return;
    this.#openChunks.delete(row);
    const { sums } = chunk;
    sums.chunks++;
    sums.workNs += t - chunk.sinceNs;
    sums.lastNs = t;
    this.#lastChunks.set(this.#trace.tasks.lane[row]!, { sums, t });
  }

  findings(): Finding[] {
    return [...this.#pools].flatMap(([resource, sums]) => findingOf(this.#trace, resource, sums) ?? []);
  }
}

function findingOf(trace: Trace, resource: number, sums: ChunkSums): Finding | null {
  const { chunks, items, workNs, gaps, gapNs } = sums;
  if (chunks < MIN_CHUNKS || gaps === 0 || gapNs < MIN_LOST_NS) return null;
  const meanWorkNs = workNs / chunks;
  const meanGapNs = gapNs / gaps;
  if (meanWorkNs >= meanGapNs) return null;
  const { site } = trace.resources[resource]!;
  const meanItems = Math.round(items / chunks);
  const size = meanItems <= 1 ? '1 item' : `about ${count(meanItems, 'item')}`;
  return {
    rule: smallChunks.name,
    severity: 'warning',
    words: [
      resourcePart(trace, resource),
      ` was given ${count(chunks, 'chunk')} of ${size}: each took ${duration(meanWorkNs)}, ` +
        `and handing over the next one took ${duration(meanGapNs)}. Larger chunks would cost less.`,
    ],
    sites: site >= 0 ? [site] : [],
    tasks: [],
    t: sums.lastNs,
    sinceNs: sums.firstNs,
  };
}
