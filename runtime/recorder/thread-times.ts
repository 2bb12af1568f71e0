/**
 * What the system says of a thread's time: for how long it ran, and for how long it could have run
 * and had no processor. Linux says it of each thread (`schedstat`). Nothing stays open between two
 * looks: a program would find the descriptor.
 */
import { readFileSync, readlinkSync } from 'node:fs';

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

/** Whether the thread runs or could run at this moment; false: that is not known, too. */
export function isRunnable(osThread: number): boolean {
  try {
    const text = readFileSync(`/proc/self/task/${osThread}/stat`, 'latin1');
    return text.charAt(text.lastIndexOf(')') + 2) === 'R';
  } catch {
    return false;
  }
}

/** Null: the system does not say, or the thread is gone. */
export function readThreadTimes(osThread: number): ThreadTimes | null {
  try {
    const text = readFileSync(`/proc/self/task/${osThread}/schedstat`, 'latin1');
    const space = text.indexOf(' ');
    const ranNs = Number(text.slice(0, space));
    const delayedNs = Number(text.slice(space + 1, text.indexOf(' ', space + 1)));
    return ranNs >= 0 && delayedNs >= 0 ? { ranNs, delayedNs } : null;
  } catch {
    return null;
  }
}
