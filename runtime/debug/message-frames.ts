/**
 * The frames of the Debug Adapter Protocol: a header with the length, an empty line, and JSON of so
 * many bytes. What comes may be anything: a header without a length, a length that nobody sends, a
 * text that is no JSON. It is skipped, and the next frame is read.
 */
import { decodeUtf8, encodeUtf8 } from '../trace/format/utf8.ts';

/** Larger messages are skipped without being kept. */
const MAX_BODY_BYTES = 16 * 2 ** 20;
const MAX_HEADER_BYTES = 4096;
const CR = 13;
const LF = 10;

export class FrameReader {
  readonly #onMessage: (message: unknown) => void;
  readonly #onTrouble: (words: string) => void;
  #header: number[] = [];
  #body: Uint8Array | null = null;
  #filled = 0;
  /** Bytes of a body that is too large. */
  #skipped = 0;

  /** @param onTrouble one sentence for each frame that is left out */
  constructor(onMessage: (message: unknown) => void, onTrouble: (words: string) => void) {
    this.#onMessage = onMessage;
    this.#onTrouble = onTrouble;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#skipped > 0) {
        const skipped = Math.min(this.#skipped, bytes.length - at);
        this.#skipped -= skipped;
        at += skipped;
      } else if (this.#body !== null) {
        const taken = Math.min(this.#body.length - this.#filled, bytes.length - at);
        this.#body.set(bytes.subarray(at, at + taken), this.#filled);
        this.#filled += taken;
        at += taken;
        if (this.#filled === this.#body.length) this.#endBody(this.#body);
      } else this.#addHeaderByte(bytes[at++]!);
    }
  }

  #addHeaderByte(byte: number): void {
    const header = this.#header;
    header.push(byte);
    if (byte === LF && endsWithEmptyLine(header)) this.#endHeader();
    else if (header.length > MAX_HEADER_BYTES) {
      this.#onTrouble(`a header of more than ${MAX_HEADER_BYTES} bytes was left out`);
      this.#header = [];
    }
  }

  #endHeader(): void {
    const text = decodeUtf8(Uint8Array.from(this.#header));
    this.#header = [];
    if (text.trim() === '') return;
    const length = /^content-length:\s*(\d{1,15})\s*$/im.exec(text)?.[1];
    if (length === undefined) return this.#onTrouble('a message without a Content-Length was left out');
    const bytes = Number(length);
    if (bytes > MAX_BODY_BYTES) {
      this.#skipped = bytes;
      this.#onTrouble(`a message of ${bytes} bytes was left out; none has more than ${MAX_BODY_BYTES}`);
    } else if (bytes > 0) {
      this.#body = new Uint8Array(bytes);
      this.#filled = 0;
    }
  }

  #endBody(body: Uint8Array): void {
    this.#body = null;
    let message: unknown;
    try {
      message = JSON.parse(decodeUtf8(body));
    } catch {
      this.#onTrouble('a message that is no JSON was left out');
      return;
    }
    this.#onMessage(message);
  }
}

function endsWithEmptyLine(header: readonly number[]): boolean {
  const end = header.length;
  return header[end - 2] === CR && header[end - 3] === LF && header[end - 4] === CR;
}

export function encodeFrame(message: object): Uint8Array {
  const body = encodeUtf8(JSON.stringify(message));
  const head = encodeUtf8(`Content-Length: ${body.length}\r\n\r\n`);
  const frame = new Uint8Array(head.length + body.length);
  frame.set(head);
  frame.set(body, head.length);
  return frame;
}
