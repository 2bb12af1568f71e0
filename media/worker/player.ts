/**
 * Plays the picture: a head goes through what is in view in a few seconds, and the view goes along.
 * It knows times and nothing of what is drawn.
 */
import type { View } from './session/view.ts';

/** So long takes what is in view. */
const VIEW_MS = 8000;
/** From this share of the width on the view goes along. */
const AHEAD_SHARE = 0.7;
/** A longer pause between two frames is no time of the player. */
const MAX_FRAME_MS = 100;

export class Player {
  /** null: it stands still. */
  headNs: number | null = null;
  #lastMs = 0;

  /** @param fromNs where the head begins */
  start(fromNs: number, nowMs: number): void {
    this.headNs = fromNs;
    this.#lastMs = nowMs;
  }

  stop(): void {
    this.headNs = null;
  }

  /** Moves the head by the time since the last frame; at the end of the trace it stops. */
  advance(view: View, endNs: number, nowMs: number): void {
    if (this.headNs === null) return;
    const ms = Math.min(MAX_FRAME_MS, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.headNs += (ms / VIEW_MS) * view.width * view.nsPerPixel;
    if (this.headNs >= endNs) return this.stop();
    const aheadPx = view.pixelAt(this.headNs) - view.width * AHEAD_SHARE;
    if (aheadPx > 0 && view.endNs < endNs) view.pan(aheadPx);
  }
}
