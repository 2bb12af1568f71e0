/**
 * Sends records to one page, on credit. The file is the queue: when the page has no room,
 * `sendRecords` says so, and the reader of the file waits for `onRoom`. Nothing is kept in memory
 * that the page has not granted. It refuses to skip: a page is sent everything, in order.
 *
 *   file ──▶ sendRecords(part, records) ──▶ compact block ≤ 1 MiB ──▶ page ──▶ worker
 *                 ▲ onRoom                                                      │
 *                 └───────────── credit: these bytes are folded ◀───────────────┘
 */
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import type { ToPanel } from '../../runtime/trace/messages/panel.ts';
import { BLOCK_MAX_BYTES, PANEL_WINDOW_BYTES } from '../../runtime/trace/messages/panel.ts';

/** Half a MiB of raw records: a block stays below BLOCK_MAX_BYTES even if nothing compresses. */
export const PUMP_BLOCK_RECORDS = 16_384;

export interface PumpOptions {
  readonly opening: number;
  post(message: ToPanel): void;
  /** There is room again, after a send said that there was none. */
  onRoom(): void;
  /** The bytes that the page has not folded yet, at most. For tests. */
  readonly windowBytes?: number;
}

export class Pump {
  readonly #options: PumpOptions;
  readonly #fullAboveBytes: number;
  #inFlightBytes = 0;
  #isFull = false;
  #isStopped = false;

  constructor(options: PumpOptions) {
    this.#options = options;
    // The window is full when another block of the largest size might not fit.
    this.#fullAboveBytes = (options.windowBytes ?? PANEL_WINDOW_BYTES) - BLOCK_MAX_BYTES;
  }

  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /**
   * Sends whole records of one part, PUMP_BLOCK_RECORDS at most.
   * The records may be overwritten afterwards.
   * @returns whether there is room for more. If not, `onRoom` is called once there is.
   */
  sendRecords(part: number, records: Uint8Array): boolean {
    if (records.length > PUMP_BLOCK_RECORDS * RECORD_BYTES) {
      throw new RangeError(
        `a block holds ${PUMP_BLOCK_RECORDS} records at most, not ${records.length / RECORD_BYTES}`,
      );
    }
    return this.sendBlock(part, encodeBlock(records));
  }

  /** Sends a compact block as it is, BLOCK_MAX_BYTES at most: saved traces are made of them. */
  sendBlock(part: number, block: Uint8Array): boolean {
    if (block.length > BLOCK_MAX_BYTES) {
      throw new RangeError(`a block has ${BLOCK_MAX_BYTES} bytes at most, not ${block.length}`);
    }
    if (this.#isStopped) return false;
    const bytes = unsharedBuffer(block);
    this.#inFlightBytes += bytes.byteLength;
    this.#options.post({ type: 'block', opening: this.#options.opening, part, bytes });
    this.#isFull = this.#inFlightBytes > this.#fullAboveBytes;
    return !this.#isFull;
  }

  /** The page has folded this many bytes. A credit for another opening is ignored. */
  addCredit(opening: number, bytes: number): void {
    if (opening !== this.#options.opening) return;
    this.#inFlightBytes = Math.max(0, this.#inFlightBytes - bytes);
    if (!this.#isFull || this.#isStopped || this.#inFlightBytes > this.#fullAboveBytes) return;
    this.#isFull = false;
    this.#options.onRoom();
  }

  stop(): void {
    this.#isStopped = true;
  }
}

/** A message with a view ships the view's whole buffer, so the buffer is cut to size. */
function unsharedBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return buffer;
  // Not slice(): on a Buffer it makes one more view, and small Buffers share one pool of memory.
  return new Uint8Array(bytes).buffer;
}
