/** Who asked which row to stop, and when. Whether a wait ended by that is `cut-short.ts`. */

export interface Cancel {
  readonly t: number;
  /** The task that asked; −1: none was recorded (a timer, an event from outside). */
  readonly by: number;
}

export class Cancels {
  /** By row, in the order of their times. */
  readonly #byRow = new Map<number, Cancel[]>();

  add(row: number, cancel: Cancel): void {
    const known = this.#byRow.get(row);
    if (known) known.push(cancel);
    else this.#byRow.set(row, [cancel]);
  }

  /** The row became a frame of another row: its cancels are that row's. */
  absorb(task: number, into: number): void {
    const moved = this.#byRow.get(task);
    if (moved === undefined || task === into) return;
    this.#byRow.delete(task);
    this.#byRow.set(
      into,
      [...(this.#byRow.get(into) ?? []), ...moved].sort((a, b) => a.t - b.t),
    );
  }

  /** In the order of their times. */
  ofRow(row: number): readonly Cancel[] {
    return this.#byRow.get(row) ?? [];
  }
}
