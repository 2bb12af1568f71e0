/**
 * The level of a resource over time (items in a queue, permits left), and who moved it. The lowest
 * and highest level of a pixel come from a pyramid of fan-out 8, so a queue of a million moves
 * draws like one of ten.
 */
export interface LevelRange {
  readonly min: Float32Array;
  readonly max: Float32Array;
}

export class LevelTrack {
  count = 0;
  max = 0;
  #time = new Float64Array(8);
  #level = new Uint32Array(8);
  #by = new Int32Array(8);
  /** Level k: minimum and maximum over 8^(k + 1) moves, two numbers a node. */
  readonly #nodes: Uint32Array[] = [];

  append(tNs: number, level: number, by: number): void {
    if (this.count === this.#time.length) this.#grow();
    const index = this.count++;
    this.#time[index] = index > 0 ? Math.max(tNs, this.#time[index - 1]!) : tNs;
    this.#level[index] = level;
    this.#by[index] = by;
    if (level > this.max) this.max = level;
    for (let k = 0, size = 8; this.count % size === 0; k++, size *= 8) this.#close(k, this.count / size - 1);
  }

  time(index: number): number {
    return this.#time[index]!;
  }
  level(index: number): number {
    return this.#level[index]!;
  }
  by(index: number): number {
    return this.#by[index]!;
  }

  /** Index of the last move at or before t; −1 before the first. */
  at(t: number): number {
    let from = 0;
    let to = this.count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#time[middle]! <= t) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }

  /** Least and greatest level in each of `n` pixels; −1 in both where there was none yet. */
  range(startNs: number, nsPerPixel: number, n: number, out: LevelRange): void {
    let index = this.at(startNs);
    for (let pixel = 0; pixel < n; pixel++) {
      const edge = startNs + pixel * nsPerPixel + nsPerPixel;
      // What moves just at the left edge was never seen at the level before.
      while (index + 1 < this.count && this.#time[index + 1]! <= edge - nsPerPixel) index++;
      let least = index < 0 ? -1 : this.#level[index]!;
      let most = least;
      let next = index + 1;
      while (next < this.count && this.#time[next]! < edge) {
        let k = -1;
        for (
          let size = 8;
          next % size === 0 && next + size <= this.count && this.#time[next + size - 1]! < edge;
          size *= 8
        )
          k++;
        const low = k < 0 ? this.#level[next]! : this.#nodes[k]![(next / 8 ** (k + 1)) * 2]!;
        const high = k < 0 ? low : this.#nodes[k]![(next / 8 ** (k + 1)) * 2 + 1]!;
        if (least < 0 || low < least) least = low;
        if (high > most) most = high;
        next += 8 ** (k + 1);
      }
      index = next - 1;
      out.min[pixel] = least;
      out.max[pixel] = most;
    }
  }

  #close(k: number, node: number): void {
    let nodes = (this.#nodes[k] ??= new Uint32Array(16));
    if (node * 2 >= nodes.length) {
      const grown = new Uint32Array(nodes.length * 2);
      grown.set(nodes);
      nodes = this.#nodes[k] = grown;
    }
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let i = 0; i < 8; i++) {
      const low = k === 0 ? this.#level[node * 8 + i]! : this.#nodes[k - 1]![(node * 8 + i) * 2]!;
      const high = k === 0 ? low : this.#nodes[k - 1]![(node * 8 + i) * 2 + 1]!;
      least = Math.min(least, low);
      most = Math.max(most, high);
    }
    nodes[node * 2] = least;
    nodes[node * 2 + 1] = most;
  }

  #grow(): void {
    const capacity = this.count * 2;
    const time = new Float64Array(capacity);
    const level = new Uint32Array(capacity);
    const by = new Int32Array(capacity);
    time.set(this.#time);
    level.set(this.#level);
    by.set(this.#by);
    this.#time = time;
    this.#level = level;
    this.#by = by;
  }
}
