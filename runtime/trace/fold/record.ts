/**
 * One record of the batch being folded, as fields. One view is reused for all: it points into the
 * batch, and reading a field costs what reading the array costs.
 */
import { flagsOf, kindOf, laneOf, RECORD_BYTES, RECORD_WORDS, W } from '../format/layout.ts';
import type { Part } from './part.ts';

export class RecordView {
  /** The part whose records are being folded. */
  part: Part;
  /** The batch as words, and as bytes. */
  words: Uint32Array;
  bytes: Uint8Array;
  /** Index of the record's first word. */
  at = 0;
  /** Ns from the trace's start. Not set for definitions: their first words are no time. */
  t = 0;
  /** The lane's index in the trace. Not set for definitions. */
  lane = -1;

  constructor(part: Part, words: Uint32Array, bytes: Uint8Array) {
    this.part = part;
    this.words = words;
    this.bytes = bytes;
  }

  get kind(): number {
    return kindOf(this.words[this.at + W.head]!);
  }
  get flags(): number {
    return flagsOf(this.words[this.at + W.head]!);
  }
  /** The lane's number in its process; of a piece of text, the piece's number. */
  get laneNumber(): number {
    return laneOf(this.words[this.at + W.head]!);
  }
  get timeLow(): number {
    return this.words[this.at]!;
  }
  get timeHigh(): number {
    return this.words[this.at + 1]!;
  }
  get task(): number {
    return this.words[this.at + W.task]!;
  }
  get a(): number {
    return this.words[this.at + W.a]!;
  }
  get b(): number {
    return this.words[this.at + W.b]!;
  }
  get c(): number {
    return this.words[this.at + W.c]!;
  }
  get d(): number {
    return this.words[this.at + W.d]!;
  }
  /** Offset of the record's first byte in `bytes`. */
  get byteOffset(): number {
    return (this.at / RECORD_WORDS) * RECORD_BYTES;
  }
}
