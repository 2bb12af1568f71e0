/**
 * Replays a run: each node begins when what it depends on is there and its lane is free. Who comes
 * first has the lane first; what goes on where another ends keeps it.
 */
import type { Dependency, ReplayNode } from './replay-nodes.ts';

export interface ReplayOptions {
  /** How long a node runs; absent: as long as it did. */
  readonly runNs?: (node: ReplayNode) => number;
  /** The calls of a pool take whichever of its lanes is free, and keep it to their end. */
  readonly pool?: { readonly rows: ReadonlySet<number>; readonly size: number };
}

/** A lane of the run, or one that a pool would have. */
interface Server {
  isBusy: boolean;
  /** Rows that wait for it, the earliest first. */
  readonly queue: NodeHeap;
}

/** @returns when the last node ended; null: some nodes wait for each other */
export function replay(nodes: readonly ReplayNode[], options: ReplayOptions = {}): number | null {
  return new Replay(nodes, options).run();
}

class Replay {
  readonly #nodes: readonly ReplayNode[];
  readonly #runNs: (node: ReplayNode) => number;
  readonly #options: ReplayOptions;
  /** By node: which depend on it. */
  readonly #dependents: { readonly node: number; readonly dependency: Dependency }[][];
  readonly #missing: Int32Array;
  readonly #readyNs: Float64Array;
  readonly #servers = new Map<number, Server>();
  readonly #poolQueue: number[] = [];
  /** By row of a pool's call: the lane that it has. */
  readonly #poolLane = new Map<number, number>();
  readonly #freeLanes: number[] = [];
  readonly #lastOfRow = new Map<number, number>();
  readonly #events: EventHeap = new EventHeap();
  #startedCount = 0;
  #endNs = 0;

  constructor(nodes: readonly ReplayNode[], options: ReplayOptions) {
    this.#nodes = nodes;
    this.#options = options;
    this.#runNs = options.runNs ?? (({ fromNs, toNs }) => toNs - fromNs);
    this.#dependents = nodes.map(() => []);
    this.#missing = new Int32Array(nodes.length);
    this.#readyNs = new Float64Array(nodes.length);
    for (const { index, row, dependencies, arrivedNs } of nodes) {
      this.#missing[index] = dependencies.length;
      this.#readyNs[index] = Math.max(0, arrivedNs);
      this.#lastOfRow.set(row, index);
      for (const dependency of dependencies)
        this.#dependents[dependency.node]!.push({ node: index, dependency });
    }
    for (let lane = 0; lane < (options.pool?.size ?? 0); lane++) this.#freeLanes.push(-1 - lane);
  }

  run(): number | null {
    for (const { index, dependencies } of this.#nodes)
      if (dependencies.length === 0) this.#events.push(this.#readyNs[index]!, READY, index);
    for (let event = this.#events.pop(); event !== null; event = this.#events.pop()) {
      if (event.kind === READY) this.#ready(event.t, event.id);
      else this.#free(event.t, event.id);
    }
    return this.#startedCount === this.#nodes.length ? this.#endNs : null;
  }

  #ready(t: number, index: number): void {
    const { row } = this.#nodes[index]!;
    if (this.#options.pool?.rows.has(row) === true && !this.#poolLane.has(row)) {
      const free = this.#freeLanes.pop();
      if (free === undefined) {
        this.#poolQueue.push(index);
        return;
      }
      this.#poolLane.set(row, free);
    }
    const server = this.#serverOf(index);
    server.queue.push(this.#nodes[index]!.isContinuation ? -1 : t, index);
    if (!server.isBusy) this.#startNext(t, server);
  }

  #startNext(t: number, server: Server): void {
    const index = server.queue.pop();
    if (index < 0) return;
    const node = this.#nodes[index]!;
    const runNs = this.#runNs(node);
    server.isBusy = true;
    this.#startedCount++;
    const startNs = t + node.leadNs;
    const endNs = startNs + runNs;
    if (endNs > this.#endNs) this.#endNs = endNs;
    const wholeNs = node.toNs - node.fromNs;
    for (const { node: other, dependency } of this.#dependents[index]!) {
      const { offsetNs, latencyNs } = dependency;
      const ranNs = wholeNs > 0 ? (offsetNs * runNs) / wholeNs : 0;
      this.#readyNs[other] = Math.max(this.#readyNs[other]!, startNs + ranNs + latencyNs);
      if (--this.#missing[other]! === 0) this.#events.push(this.#readyNs[other]!, READY, other);
    }
    this.#events.push(endNs, FREE, index);
  }

  #free(t: number, index: number): void {
    const { row } = this.#nodes[index]!;
    const server = this.#serverOf(index);
    server.isBusy = false;
    this.#startNext(t, server);
    const poolLane = this.#poolLane.get(row);
    if (poolLane === undefined || this.#lastOfRow.get(row) !== index) return;
    const next = this.#poolQueue.shift();
    if (next === undefined) {
      this.#freeLanes.push(poolLane);
      return;
    }
    this.#poolLane.set(this.#nodes[next]!.row, poolLane);
    this.#ready(t, next);
  }

  #serverOf(index: number): Server {
    const { row, lane } = this.#nodes[index]!;
    const key = this.#poolLane.get(row) ?? lane;
    let server = this.#servers.get(key);
    if (server === undefined) this.#servers.set(key, (server = { isBusy: false, queue: new NodeHeap() }));
    return server;
  }
}

const READY = 0;
const FREE = 1;

/** A binary heap of numbers by a key, then by a second one. */
class Heap {
  readonly #keys: number[] = [];
  readonly #seconds: number[] = [];
  readonly #values: number[] = [];

  protected get size(): number {
    return this.#keys.length;
  }
  protected get first(): readonly [key: number, second: number, value: number] {
    return [this.#keys[0]!, this.#seconds[0]!, this.#values[0]!];
  }

  protected add(key: number, second: number, value: number): void {
    let at = this.#keys.length;
    this.#keys.push(key);
    this.#seconds.push(second);
    this.#values.push(value);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isLess(at, above)) break;
      this.#swap(at, above);
      at = above;
    }
  }

  protected removeFirst(): void {
    const last = this.#keys.length - 1;
    this.#swap(0, last);
    this.#keys.pop();
    this.#seconds.pop();
    this.#values.pop();
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < last && this.#isLess(left, least)) least = left;
      if (right < last && this.#isLess(right, least)) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isLess(a: number, b: number): boolean {
    return (
      this.#keys[a]! - this.#keys[b]! < 0 ||
      (this.#keys[a] === this.#keys[b] && this.#seconds[a]! < this.#seconds[b]!)
    );
  }

  #swap(a: number, b: number): void {
    for (const list of [this.#keys, this.#seconds, this.#values]) {
      const value = list[a]!;
      list[a] = list[b]!;
      list[b] = value;
    }
  }
}

/** Who waits for a lane: by time, then in the order in which it was. */
class NodeHeap extends Heap {
  push(t: number, index: number): void {
    this.add(t, index, index);
  }
  /** −1: nobody waits. */
  pop(): number {
    if (this.size === 0) return -1;
    const [, , index] = this.first;
    this.removeFirst();
    return index;
  }
}

/** What happens next: at one time first what becomes ready, then what becomes free. */
class EventHeap extends Heap {
  push(t: number, kind: typeof READY | typeof FREE, id: number): void {
    this.add(t, kind, id);
  }
  pop(): { readonly t: number; readonly kind: number; readonly id: number } | null {
    if (this.size === 0) return null;
    const [t, kind, id] = this.first;
    this.removeFirst();
    return { t, kind, id };
  }
}
