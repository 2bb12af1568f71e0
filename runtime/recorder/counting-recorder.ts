/**
 * The recorder of a thread that found no free ring: it counts the records that it does not write.
 * The lane begins in the file, and at its end a `lost` record says how many are missing. Where it
 * cannot say so, since it was terminated or the process killed, the count in the head does.
 */
import { KIND, LOSS } from '../trace/format/kinds.ts';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { builtIns } from './built-ins.ts';
import { recordOf } from './part-file.ts';
import type { Recorder } from './recorder.ts';
import { CONTROL, type SharedMemory } from './shared-memory.ts';

/** Appends to the part, behind what the rings hold. */
type Append = (record: Uint8Array) => void;

export class CountingRecorder implements Recorder {
  readonly on = true;
  clock: () => bigint = builtIns.now;
  readonly lane: number;
  readonly #memory: SharedMemory;
  readonly #append: Append;
  readonly #sinceNs = builtIns.now();
  #count = 0;

  constructor(memory: SharedMemory, append: Append) {
    this.#memory = memory;
    this.#append = append;
    this.lane = builtIns.add(memory.words, CONTROL.nextLane, 1) & 0xffff;
  }

  write(kind: number, flags: number, ...fields: readonly number[]): void {
    this.writeAt(this.clock(), kind, flags, ...fields);
  }

  writeAtLastTime(kind: number, flags: number, ...fields: readonly number[]): void {
    this.writeAt(0n, kind, flags, ...fields);
  }

  /** @param fields task, a, b, c, d */
  writeAt(tNs: bigint, kind: number, flags: number, ...fields: readonly number[]): void {
    if (kind !== KIND.laneBegin && kind !== KIND.laneEnd) {
      this.#count++;
      builtIns.add(this.#memory.words, CONTROL.threadRecords, 1);
      return;
    }
    const record = recordOf(tNs, kind, flags, this.lane);
    for (const [i, value] of fields.entries()) record.setUint32(8 + 4 * i, value, true);
    this.#append(new Uint8Array(record.buffer));
  }

  nextId(): number {
    return builtIns.add(this.#memory.words, CONTROL.nextId, 1);
  }

  reserveSiteIds(count: number): number {
    return builtIns.add(this.#memory.words, CONTROL.nextSite, count);
  }

  defineText(): number {
    return 0;
  }

  defineSite(): void {}

  /** Nothing is warmed up for a thread that writes nothing. */
  rehearse(): void {}

  close(): void {
    if (this.#count === 0) return;
    const lost = recordOf(builtIns.now(), KIND.lost, LOSS.threads, this.lane);
    lost.setBigUint64(12, BigInt(this.#count), true);
    lost.setBigUint64(20, this.#sinceNs, true);
    this.#count = 0;
    this.#append(new Uint8Array(lost.buffer, 0, RECORD_BYTES));
  }
}
