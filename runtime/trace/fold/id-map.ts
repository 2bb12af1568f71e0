/**
 * From the ids of one process to dense indexes of the trace. Ids are handed out nearly in order, so
 * a plain array serves. A damaged file may hold any number: an id that lies far out goes into a
 * map, and nothing is allocated for ids that were only mentioned.
 */
const DENSE_LIMIT = 1 << 26;
const SLACK = 1 << 20;

export class IdMap {
  #dense = new Int32Array(256);
  #used = 0;
  readonly #far = new Map<number, number>();

  /** The index of an id, −1 when it is not defined (0 never is). */
  get(id: number): number {
    if (id < this.#dense.length) return this.#dense[id]! - 1;
    return this.#far.get(id) ?? -1;
  }

  set(id: number, index: number): void {
    if (id === 0) return;
    if (id < this.#dense.length) {
      this.#dense[id] = index + 1;
      this.#used = Math.max(this.#used, id);
      return;
    }
    if (id >= DENSE_LIMIT || id > this.#used * 2 + SLACK) {
      this.#far.set(id, index);
      return;
    }
    const grown = new Int32Array(Math.min(DENSE_LIMIT, Math.max(id + 1, this.#dense.length * 2)));
    grown.set(this.#dense);
    this.#dense = grown;
    for (const [farId, farIndex] of this.#far) {
      if (farId >= grown.length) continue;
      grown[farId] = farIndex + 1;
      this.#far.delete(farId);
    }
    this.#dense[id] = index + 1;
    this.#used = Math.max(this.#used, id);
  }
}
