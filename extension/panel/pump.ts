/**
 * Records to one page, on credit. The file is the queue: when the page has no room, `give` says
 * so and whoever reads the file waits for `onRoom`; nothing is kept in memory that the page has not
 * granted. It refuses to skip: a page is sent everything, in order.
 *
 *   file ──▶ give(part, records) ──▶ compact block ≤ 1 MiB ──▶ page ──▶ worker
 *                 ▲ onRoom                                               │
 *                 └──────────── credit: these bytes are folded ◀─────────┘
 */
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import type { ToPanel } from '../../runtime/trace/messages/panel.ts';
import { BLOCK_MAX_BYTES, PANEL_WINDOW_BYTES } from '../../runtime/trace/messages/panel.ts';

/** Half a MiB of raw records: even where nothing compresses, a block stays below BLOCK_MAX_BYTES. */
export const PUMP_BLOCK_RECORDS = 16_384;

export interface PumpOptions {
  readonly opening: number;
  post(message: ToPanel): void;
  /** There is room again after `give` said that there was none. */
  onRoom(): void;
  /** What the page has not folded yet, at most; for tests. */
  readonly windowBytes?: number;
}

export class Pump {
  readonly #options: PumpOptions;
  readonly #fullBytes: number;
  #inFlightBytes = 0;
  #held = false;
  #stopped = false;

  constructor(options: PumpOptions) {
    this.#options = options;
    // Full is when another block of the largest size might not fit.
    this.#fullBytes = (options.windowBytes ?? PANEL_WINDOW_BYTES) - BLOCK_MAX_BYTES;
  }

  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /**
   * Sends whole records of one part, PUMP_BLOCK_RECORDS at most; they may be overwritten afterwards.
   * @returns whether there is room for more. If not, `onRoom` will tell.
   */
  give(part: number, records: Uint8Array): boolean {
    if (records.length > PUMP_BLOCK_RECORDS * RECORD_BYTES) {
      throw new RangeError(
        `a block holds ${PUMP_BLOCK_RECORDS} records at most, not ${records.length / RECORD_BYTES}`,
      );
    }
    return this.giveBlock(part, encodeBlock(records));
  }

  /** The same for what is a compact block already, BLOCK_MAX_BYTES at most: a saved trace's go as they are. */
  giveBlock(part: number, block: Uint8Array): boolean {
    if (block.length > BLOCK_MAX_BYTES) {
      throw new RangeError(`a block has ${BLOCK_MAX_BYTES} bytes at most, not ${block.length}`);
    }
    if (this.#stopped) return false;
    const bytes = alone(block);
    this.#inFlightBytes += bytes.byteLength;
    this.#options.post({ type: 'block', opening: this.#options.opening, part, bytes });
    this.#held = this.#inFlightBytes > this.#fullBytes;
    return !this.#held;
  }

  /** The page has folded this many bytes. A credit for another opening is none. */
  credit(opening: number, bytes: number): void {
    if (opening !== this.#options.opening) return;
    this.#inFlightBytes = Math.max(0, this.#inFlightBytes - bytes);
    if (!this.#held || this.#stopped || this.#inFlightBytes > this.#fullBytes) return;
    this.#held = false;
    this.#options.onRoom();
  }

  stop(): void {
    this.#stopped = true;
  }
}

/** A message with a view ships the view's whole buffer; so the buffer is cut to size. */
function alone(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return buffer;
  // Not slice(): that of a Buffer is one more view, and a small Buffer's buffer is the pool that it shares with strangers.
  return new Uint8Array(bytes).buffer;
}
