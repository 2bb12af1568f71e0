/**
 * What the system says of a thread's time: for how long it ran, and for how long it could have run
 * and had no processor. Linux says it of each thread (`schedstat`). Nothing stays open between two
 * looks: a program would find the descriptor.
 */
import { readlinkSync } from 'node:fs';
import { SafeMap } from './built-ins.ts';
import { readInBetween } from './in-between.ts';

export interface ThreadTimes {
  /** ns since the thread began. */
  readonly ranNs: number;
  /** ns for which it was ready, and another thread of the machine had the processor. */
  readonly delayedNs: number;
}

/** The system's id of this thread; 0: it is not known. */
export function osThreadId(): number {
  if (process.platform !== 'linux') return 0;
  try {
    const link = readlinkSync('/proc/thread-self');
    return Number(link.slice(link.lastIndexOf('/') + 1)) || 0;
  } catch {
    return 0;
  }
}

/** Two looks within it are one. */
const SAME_MOMENT_NS = 1e6;
const SPACE = 32;
const ZERO = 48;
const CLOSING = 41;
const RUNNABLE = 82;
/** More than the system writes of a thread. */
const MAX_BYTES = 1024;
const bytes = new Uint8Array(MAX_BYTES);

/** Whether the thread runs or could run at this moment; false: that is not known, too. */
export function isRunnable(osThread: number): boolean {
  try {
    let at = readInBetween(`/proc/self/task/${osThread}/stat`, bytes) - 1;
    while (at >= 0 && bytes[at] !== CLOSING) at--;
    return at >= 0 && bytes[at + 2] === RUNNABLE;
  } catch {
    return false;
  }
}

/** Null: the system does not say, or the thread is gone. It may be called in between. */
export function readThreadTimes(osThread: number): ThreadTimes | null {
  try {
    const length = readInBetween(`/proc/self/task/${osThread}/schedstat`, bytes);
    const [ranNs, end] = numberAt(0, length);
    const [delayedNs, last] = numberAt(end + 1, length);
    return end > 0 && last > end + 1 ? { ranNs, delayedNs } : null;
  } catch {
    return null;
  }
}

/** The digits from `at` on, and where they end. */
function numberAt(at: number, length: number): readonly [value: number, end: number] {
  let value = 0;
  for (; at < length && bytes[at]! >= ZERO && bytes[at]! !== SPACE; at++)
    value = value * 10 + bytes[at]! - ZERO;
  return [value, at];
}

/** Who looks at the same moment as another shares the answer, which costs three system calls. */
export class SharedThreadTimes {
  readonly #answers = new SafeMap<number, { readonly atNs: number; readonly times: ThreadTimes | null }>();
  readonly #read: typeof readThreadTimes;

  /** @param read tests give their own */
  constructor(read = readThreadTimes) {
    this.#read = read;
  }

  /** As `readThreadTimes`, of at most a millisecond before `nowNs`. */
  read(osThread: number, nowNs: number): ThreadTimes | null {
    const answer = this.#answers.get(osThread);
    if (answer !== undefined && nowNs - answer.atNs < SAME_MOMENT_NS) return answer.times;
    const times = this.#read(osThread);
    this.#answers.set(osThread, { atNs: nowNs, times });
    return times;
  }
}
