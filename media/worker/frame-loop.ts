/**
 * When to draw: one frame at a time, and only when something changed and the page can be seen.
 * It also reports when all that the page asked for is drawn. It knows nothing of what is drawn.
 */
import type { Clock } from './clock.ts';

export interface FrameCallbacks {
  /** Draws one frame. @returns whether another frame is wanted at once. */
  drawFrame(nowMs: number): boolean;
  /** All that the first `receivedMessages` messages asked for is done and drawn. */
  reportUpToDate(receivedMessages: number): void;
}

export class FrameLoop {
  visible = true;
  /** When the last frame was drawn. */
  drawnAtMs = Number.NEGATIVE_INFINITY;
  /** Records have come that are not folded yet: until they are, no picture is up to date. */
  hasUnfolded = false;
  readonly #clock: Clock;
  readonly #callbacks: FrameCallbacks;
  #drawNeeded = true;
  #frameRequested = false;
  /** Records have come that the picture does not show yet. */
  #isBehind = false;
  /** When the frame is asked for that was to come later, and what cancels it; null: none was. */
  #scheduled: { readonly atMs: number; readonly cancel: () => void } | null = null;
  #receivedMessages = 0;
  #reportedMessages = 0;
  #reportRequested = false;

  constructor(clock: Clock, callbacks: FrameCallbacks) {
    this.#clock = clock;
    this.#callbacks = callbacks;
  }

  /** Counts a message of the page or the decoder: it is reported once what it brought is drawn. */
  countMessage(): void {
    this.#receivedMessages++;
  }

  /** Asks for a frame. */
  redraw(): void {
    this.#drawNeeded = true;
    if (this.#frameRequested || !this.visible) return;
    this.#frameRequested = true;
    this.#clock.atNextFrame(() => {
      this.#frameRequested = false;
      if (this.#drawNeeded) this.#drawFrame();
    });
  }

  /**
   * Asks for a frame in `ms` milliseconds; 0 or less asks for none. Of several the first comes.
   * Parts that redraw at most every so often need this: a program that has gone quiet causes no
   * frame.
   */
  redrawIn(ms: number): void {
    if (ms <= 0) return;
    const atMs = this.#clock.now() + ms;
    if (this.#scheduled !== null && this.#scheduled.atMs <= atMs) return;
    this.#scheduled?.cancel();
    const cancel = this.#clock.after(ms, () => {
      this.#scheduled = null;
      this.redraw();
    });
    this.#scheduled = { atMs, cancel };
  }

  /** The same, for what has come already: until then the picture is not up to date. */
  drawIn(ms: number): void {
    this.#isBehind = true;
    this.redrawIn(ms);
  }

  /**
   * Reports that nothing is left to draw. The report leaves one frame later, because a picture is
   * on its way to the screen until then.
   */
  reportWhenUpToDate(): void {
    if (this.#reportRequested || this.#reportedMessages === this.#receivedMessages) return;
    if (this.#isBusy) return;
    this.#reportRequested = true;
    this.#clock.atNextFrame(() => {
      this.#reportRequested = false;
      if (this.#isBusy) return;
      this.#reportedMessages = this.#receivedMessages;
      this.#callbacks.reportUpToDate(this.#receivedMessages);
    });
  }

  get #isBusy(): boolean {
    return this.#frameRequested || this.#drawNeeded || this.#isBehind || this.hasUnfolded;
  }

  #drawFrame(): void {
    this.#drawNeeded = false;
    this.#isBehind = false;
    this.drawnAtMs = this.#clock.now();
    if (this.#callbacks.drawFrame(this.drawnAtMs)) this.#drawNeeded = true;
    if (this.#drawNeeded) this.redraw();
    else this.reportWhenUpToDate();
  }
}
