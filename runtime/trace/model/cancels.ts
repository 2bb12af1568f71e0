/** Who asked which row to stop, and when. Whether a wait ended by that is `cut-short.ts`. */

export interface Cancel {
  readonly t: number;
  /** The task that asked; −1: none was recorded (a timer, an event from outside). */
  readonly by: number;
}

export class Cancels {
  /** Cancels that were added. */
  count = 0;
  readonly #byRow = new Map<number, Cancel[]>();
  /** Rows whose cancels are not in the order of their times. */
  readonly #unsorted = new Set<number>();

  add(row: number, cancel: Cancel): void {
    this.count++;
    const known = this.#byRow.get(row);
    if (known) known.push(cancel);
    else this.#byRow.set(row, [cancel]);
  }

  /** The row became a frame of another row: its cancels are that row's. */
  absorb(task: number, into: number): void {
    const moved = this.#byRow.get(task);
    if (moved === undefined || task === into) return;
    this.#byRow.delete(task);
    this.#unsorted.delete(task);
    const own = this.#byRow.get(into) ?? [];
    // The shorter list is moved, so that deep recursion moves each cancel a few times only.
    const [longer, shorter] = own.length > moved.length ? [own, moved] : [moved, own];
    for (const cancel of shorter) longer.push(cancel);
    this.#byRow.set(into, longer);
    this.#unsorted.add(into);
  }

  /** In the order of their times. */
  ofRow(row: number): readonly Cancel[] {
    const cancels = this.#byRow.get(row) ?? [];
    if (this.#unsorted.delete(row)) cancels.sort((a, b) => a.t - b.t);
    return cancels;
  }
}
