/**
 * From the ids of one process to dense indexes of the trace. Ids are handed out nearly in order, so
 * a plain array serves. A damaged file may hold any number: an id that lies far out goes into a
 * map, and nothing is allocated for ids that were only mentioned. The array has at most so many
 * places for each id that was defined, so that memory follows what the file holds.
 */
const DENSE_LIMIT = 1 << 26;
const MAX_PLACES_PER_ID = 8;
const SLACK = 1 << 10;
const MIN_PLACES = 64;

export class IdMap {
  #dense = new Int32Array(MIN_PLACES);
  #count = 0;
  readonly #far = new Map<number, number>();

  /** The index of an id, −1 when it is not defined (0 never is). */
  get(id: number): number {
    if (id < this.#dense.length) return this.#dense[id]! - 1;
    return this.#far.get(id) ?? -1;
  }

  set(id: number, index: number): void {
    if (id === 0) return;
    this.#count++;
    if (id < this.#dense.length) {
      this.#dense[id] = index + 1;
      return;
    }
    if (id >= DENSE_LIMIT || id > this.#count * MAX_PLACES_PER_ID + SLACK) {
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
  }
}
