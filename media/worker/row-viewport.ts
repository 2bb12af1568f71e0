/**
 * Which rows are in view, how tall rows are, and when the tree is laid out again. Lengths are CSS
 * pixels.
 */
import type { Clock } from './clock.ts';
import type { Row } from './session/row-tree.ts';
import type { Session } from './session/session.ts';

/** Lower bound between layouts of a growing tree: one of a million rows takes tens of ms. */
const LAYOUT_EVERY_MS = 200;

export class RowViewport {
  rowPx = 18;
  topPx = 0;
  heightPx = 0;
  #layoutForced = true;
  #laidOutAtMs = 0;

  /** Makes the next frame lay out the tree, however recent the last layout is. */
  forceLayout(): void {
    this.#layoutForced = true;
  }

  /** Lays out the tree if it is stale and its time has come. @returns whether it is still stale. */
  layOutIfDue(session: Session, nowMs: number, clock: Clock): boolean {
    if (!session.rowsAreStale && !this.#layoutForced) return false;
    // Where there is no row yet, the first ones are not kept waiting.
    const isEarly = nowMs - this.#laidOutAtMs <= LAYOUT_EVERY_MS && session.tree.list.length > 0;
    if (!this.#layoutForced && isEarly) return true;
    session.layOutRows(this.rowPx, this.#layoutForced);
    this.#layoutForced = false;
    // Read again: the pause counts from the end of the layout, which may have taken long.
    this.#laidOutAtMs = clock.now();
    return false;
  }

  /** Whether all of the row is in view. */
  holds({ y, height }: Row): boolean {
    return y >= this.topPx && y + height <= this.topPx + this.heightPx;
  }

  /** Scrolls as little as brings the row into view. @returns whether it had to scroll. */
  scrollIntoView(row: Row): boolean {
    let top = this.topPx;
    if (row.y < top) top = Math.max(0, row.y - this.rowPx);
    else if (row.y + row.height > top + this.heightPx) top = row.y + row.height + this.rowPx - this.heightPx;
    if (top === this.topPx) return false;
    this.topPx = top;
    return true;
  }
}
