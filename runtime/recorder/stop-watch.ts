/**
 * Whether the process stood still while the helper thread slept: stopped by SIGSTOP, Ctrl-Z or a
 * debugger, or frozen with its control group. Then no thread of it ran, and none waited for a
 * processor: a machine that is busy, or a thread that is stuck, is no stop.
 *
 * Linux alone says how long a thread waited for a processor. Elsewhere no stop is told of.
 */
import { readFileSync } from 'node:fs';
import { builtIns } from './built-ins.ts';

/** Shorter ones are not told from a thread that came late. */
const MIN_STOP_NS = 100_000_000;
/** What the process may have run in a stop, as a share of it: the way in and out. */
const MAX_RUN_SHARE = 1 / 20;
/** How much of it the thread may have waited for a processor, once it could go on. */
const MAX_LATE_SHARE = 1 / 4;

export class StopWatch {
  readonly #canTell = process.platform === 'linux' && lateNs() >= 0;
  #dueNs = 0n;
  #cpuNs = 0;
  #lateNs = 0;
  #lateReadNs = 0n;

  /** Before the thread sleeps for `ms` at most. */
  sleepBegins(ms: number): void {
    if (!this.#canTell) return;
    const nowNs = builtIns.now();
    this.#dueNs = nowNs + BigInt(Math.round(ms * 1e6));
    // A thread may run for all of the time before that.
    this.#cpuNs = cpuNs() + ms * 1e6;
    // It costs as much as the rest of a round: an older figure can only hide a stop.
    if (nowNs - this.#lateReadNs < 1_000_000_000n) return;
    this.#lateReadNs = nowNs;
    this.#lateNs = lateNs();
  }

  /**
   * After it.
   * @returns from when to when the process stood still, for certain; null: it did not
   */
  stopSince(): { readonly fromNs: bigint; readonly toNs: bigint } | null {
    if (!this.#canTell) return null;
    const toNs = builtIns.now();
    const ns = Number(toNs - this.#dueNs);
    if (ns < MIN_STOP_NS) return null;
    this.#lateReadNs = 0n;
    if (cpuNs() - this.#cpuNs > ns * MAX_RUN_SHARE) return null;
    if (lateNs() - this.#lateNs > ns * MAX_LATE_SHARE) return null;
    return { fromNs: this.#dueNs, toNs };
  }
}

/** Of all threads of the process. */
function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** How long this thread could have run and had no processor; −1: the system does not say. */
function lateNs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[1] ?? -1);
  } catch {
    return -1;
  }
}
