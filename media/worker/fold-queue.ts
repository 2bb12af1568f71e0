/**
 * Folds what the decoder has read, a few messages at a time. Messages that follow each other
 * closely leave a worker no frame, and a large trace would show nothing until all of it is folded:
 * so folding stops when a frame is due, and goes on after it.
 */
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import type { FromDecoder } from '../messages.ts';
import type { Clock } from './clock.ts';
import type { PanelController } from './panel-controller.ts';

/** The first pictures come soon. After them frames are rarer: each takes time from folding. */
const FIRST_FRAME_AFTER_MS = 16;
const FIRST_FRAME_EVERY_MS = 60;
const FRAME_EVERY_MS = 250;
const MAX_FIRST_EVENTS = 500_000;
/**
 * A living program writes thirty times a second. Each picture costs a frame of the whole page where
 * there is no GPU, and of the ten seconds in view a frame of 100 ms is a few pixels.
 */
const LIVE_FRAME_EVERY_MS = 100;
/** So many records are folded at a time: the code is slow at first, and a frame may be due. */
const PIECE_BYTES = 8192 * RECORD_BYTES;
/** Folding goes on after so long if no frame comes. */
const MAX_FRAME_WAIT_MS = 50;

export class FoldQueue {
  readonly #panel: PanelController;
  readonly #clock: Clock;
  readonly #messages: FromDecoder[] = [];
  /** Folding is scheduled, or waits for a frame: a new message need not start it. */
  #scheduled = false;
  #frameAtMs = 0;
  /** Of the first message: up to where it is folded. */
  #pieceFrom = 0;
  /** The page has no credit for them yet. */
  #foldedBytes = 0;

  constructor(panel: PanelController, clock: Clock) {
    this.#panel = panel;
    this.#clock = clock;
  }

  push(message: FromDecoder): void {
    this.#messages.push(message);
    this.#panel.frames.hasUnfolded = true;
    this.#schedule();
  }

  /** The session has changed to another opening: what came before that word of it is folded now. */
  traceOpened(): void {
    if (this.#messages.length > 0) this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(0, () => this.#foldUntilFrame());
  }

  /**
   * The page says by itself that a trace is opened, and the decoder's port may be the faster way.
   */
  #isAhead(message: FromDecoder): boolean {
    return message.opening > this.#panel.session.opening;
  }

  #foldUntilFrame(): void {
    this.#scheduled = false;
    const { trace } = this.#panel.session;
    const frameEveryMs =
      trace.events === 0
        ? FIRST_FRAME_AFTER_MS
        : trace.events < MAX_FIRST_EVENTS
          ? FIRST_FRAME_EVERY_MS
          : FRAME_EVERY_MS;
    // After a rest the time until the next frame counts from here.
    const nowMs = this.#clock.now();
    if (nowMs - this.#frameAtMs > 2 * FRAME_EVERY_MS) this.#frameAtMs = nowMs;
    let frameIsDue = false;
    while (this.#messages.length > 0 && !frameIsDue && !this.#isAhead(this.#messages[0]!)) {
      if (this.#foldPiece(this.#messages[0]!)) this.#messages.shift();
      frameIsDue = this.#clock.now() - this.#frameAtMs > frameEveryMs;
    }
    this.#grantCredit();
    this.#panel.frames.hasUnfolded = this.#messages.length > 0;
    this.#redraw(nowMs);
    if (!frameIsDue) return;
    // Of a living program each frame has its time, and nothing is left that takes its place.
    if (this.#isLive && this.#messages.length === 0) this.#frameAtMs = this.#clock.now();
    else this.#foldAfterFrame();
  }

  get #isLive(): boolean {
    const { session } = this.#panel;
    return session.live && !session.ended;
  }

  /** Pictures that were drawn for other reasons showed what had come until then, too. */
  #redraw(nowMs: number): void {
    const { frames } = this.#panel;
    const waitMs = this.#isLive ? frames.drawnAtMs + LIVE_FRAME_EVERY_MS - nowMs : 0;
    if (waitMs > 0) frames.drawIn(waitMs);
    else this.#panel.redraw();
  }

  /** @returns whether all of the message is done */
  #foldPiece(message: FromDecoder): boolean {
    const { session, post } = this.#panel;
    const from = this.#pieceFrom;
    this.#pieceFrom = 0;
    if (message.opening !== session.opening) return true;
    switch (message.type) {
      case 'end':
        this.#grantCredit();
        this.#panel.endTrace();
        return true;
      case 'records': {
        const { records } = message;
        const to = from + PIECE_BYTES;
        for (const words of session.feed(message.part, records.subarray(from, to)))
          post({ type: 'trouble', words: `The trace is not shown whole: ${words}.` });
        if (to < records.length) {
          this.#pieceFrom = to;
          return false;
        }
        break;
      }
      case 'damaged':
        post({ type: 'trouble', words: message.words });
        break;
    }
    this.#foldedBytes += message.bytes;
    return true;
  }

  /** Once for all that was folded in a row. */
  #grantCredit(): void {
    const { session, post } = this.#panel;
    if (this.#foldedBytes > 0) post({ type: 'credit', opening: session.opening, bytes: this.#foldedBytes });
    this.#foldedBytes = 0;
  }

  /** Waits for the frame even if the queue is empty: the next block must not take its place. */
  #foldAfterFrame(): void {
    this.#scheduled = true;
    let done = false;
    const goOn = (): void => {
      if (done) return;
      done = true;
      cancelTimeout();
      this.#frameAtMs = this.#clock.now();
      // Not at once: what was drawn goes to the screen when the frame's callbacks have returned.
      this.#clock.after(0, () => this.#foldUntilFrame());
    };
    // A hidden page has no frames: folding goes on there, too.
    const cancelTimeout = this.#clock.after(MAX_FRAME_WAIT_MS, goOn);
    if (this.#panel.frames.visible) this.#clock.atNextFrame(goOn);
  }
}
