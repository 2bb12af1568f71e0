/**
 * The last seconds of a recording: of each part a checkpoint, and the records from a time on. A
 * part that begins later stays as it is.
 */
import { Checkpoint } from '../trace/format/checkpoint.ts';
import { KEPT_REASON, KIND } from '../trace/format/kinds.ts';
import { kindOf, RECORD_WORDS, W } from '../trace/format/layout.ts';

/** More than a recording of the largest size needs. */
const MAX_RECORDS = 1 << 23;
/** They have no time, or tell of another than that at which they were written. */
const WITHOUT_ORDER: ReadonlySet<number> = new Set([
  KIND.text,
  KIND.site,
  KIND.clock,
  KIND.step,
  KIND.held,
  KIND.lost,
]);

interface Part {
  readonly checkpoint: Checkpoint;
  /** The records so far, while none of them is too old. */
  readonly first: Uint8Array[];
  hasOld: boolean;
  /** The time was reached: all that comes is saved. */
  isWithin: boolean;
}

export class LastSeconds {
  readonly #sinceNs: number;
  readonly #parts = new Map<number, Part>();

  /** @param sinceNs monotonic ns */
  constructor(sinceNs: number) {
    this.#sinceNs = sinceNs;
  }

  /** @returns what is saved now: these records, others in their place, or none yet */
  take(number: number, records: Uint8Array): Uint8Array {
    let part = this.#parts.get(number);
    if (part === undefined) {
      part = { checkpoint: new Checkpoint(), first: [], hasOld: false, isWithin: false };
      this.#parts.set(number, part);
    }
    if (part.isWithin) return records;
    const bytes = records.byteOffset % 4 === 0 ? records : new Uint8Array(records);
    const at = this.#findTime(part, bytes);
    const before = bytes.subarray(0, at);
    part.checkpoint.add(before);
    if (part.hasOld) part.first.length = 0;
    else part.first.push(before.slice());
    if (!part.isWithin) return new Uint8Array(0);
    return concat([this.#beginningOf(part), bytes.subarray(at)]);
  }

  /** No more of this part comes. @returns what is still to be saved */
  end(number: number): Uint8Array {
    const part = this.#parts.get(number);
    return part === undefined || part.isWithin ? new Uint8Array(0) : this.#beginningOf(part);
  }

  #beginningOf({ hasOld, checkpoint, first }: Part): Uint8Array {
    if (!hasOld) return concat(first);
    return checkpoint.encode({ why: KEPT_REASON.save, limitBytes: 0, maxRecords: MAX_RECORDS });
  }

  /** @returns how many bytes come before the time */
  #findTime(part: Part, bytes: Uint8Array): number {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
    for (let at = 0; at < words.length; at += RECORD_WORDS) {
      if (WITHOUT_ORDER.has(kindOf(words[at + W.head]!))) continue;
      if (words[at + W.tHigh]! * 2 ** 32 + words[at + W.tLow]! < this.#sinceNs) part.hasOld = true;
      else {
        part.isWithin = true;
        return at * 4;
      }
    }
    return bytes.length;
  }
}

/** The latest time among these records, monotonic ns; 0: none has one. */
export function lastTimeOf(records: Uint8Array): number {
  const bytes = records.byteOffset % 4 === 0 ? records : new Uint8Array(records);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
  let lastNs = 0;
  for (let at = 0; at < words.length; at += RECORD_WORDS) {
    const kind = kindOf(words[at + W.head]!);
    if (kind === KIND.text || kind === KIND.site) continue;
    const t = words[at + W.tHigh]! * 2 ** 32 + words[at + W.tLow]!;
    if (t > lastNs) lastNs = t;
  }
  return lastNs;
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
