/**
 * Records what the system says of each thread's time, at most ten times a second: beside the
 * wall time of tasks stands then how much a thread had of a processor. Linux alone says it of each
 * thread; elsewhere nothing is recorded.
 */
import { KIND } from '../trace/format/kinds.ts';
import { builtIns } from './built-ins.ts';
import { recordOf } from './part-file.ts';
import {
  CONTROL,
  FIRST_RING_ROW,
  RING_ROW,
  RING_ROW_WORDS,
  RING_STATE,
  type SharedMemory,
} from './shared-memory.ts';
import type { SharedThreadTimes, ThreadTimes } from './thread-times.ts';

const LOOK_NS = 100_000_000n;
/** A thread that ran for less since the last record gets no other. */
const MIN_RAN_NS = 500_000;

/** What the system says of a thread at `tNs`, as a record. */
export function timesRecord(tNs: bigint, lane: number, times: ThreadTimes): Uint8Array {
  const record = recordOf(tNs, KIND.times, 0, lane);
  record.setBigUint64(12, BigInt(times.ranNs), true);
  record.setBigUint64(20, BigInt(times.delayedNs), true);
  return new Uint8Array(record.buffer);
}

export class TimesWatch {
  readonly #memory: SharedMemory;
  readonly #times: SharedThreadTimes;
  /** By ring, of the thread that has it. */
  readonly #last = new Map<number, { readonly osThread: number; readonly ranNs: number }>();
  #nextLookNs = 0n;

  constructor(memory: SharedMemory, times: SharedThreadTimes) {
    this.#memory = memory;
    this.#times = times;
  }

  /** A look at each thread, if one is due. @param append is given what is to be recorded */
  look(nowNs: bigint, append: (record: Uint8Array) => void): void {
    if (nowNs < this.#nextLookNs) return;
    this.#nextLookNs = nowNs + LOOK_NS;
    const { words } = this.#memory;
    const rings = builtIns.load(words, CONTROL.ringsTaken);
    for (let ring = 0; ring < rings; ring++) {
      const row = FIRST_RING_ROW + ring * RING_ROW_WORDS;
      const osThread = words[row + RING_ROW.osThread]!;
      if (osThread === 0 || words[row + RING_ROW.state] !== RING_STATE.used) continue;
      const times = this.#times.read(osThread, Number(nowNs));
      const last = this.#last.get(ring);
      const isNew = last === undefined || last.osThread !== osThread;
      if (times === null || (!isNew && times.ranNs - last.ranNs < MIN_RAN_NS)) continue;
      this.#last.set(ring, { osThread, ranNs: times.ranNs });
      append(timesRecord(nowNs, words[row + RING_ROW.lane]!, times));
    }
  }
}
