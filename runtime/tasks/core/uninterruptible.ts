/**
 * Tasks that were cancelled and do not end, because their async function stands at an `await` of
 * something else than the library, and nobody gave them a grace period. Whoever waits for such a
 * task waits on, without a word, while something keeps Node alive. After a while a warning says so,
 * once a task. The time is real on any clock, and keeps nothing alive.
 */
import { describeOrigin } from './unhandled.ts';
import { UNINTERRUPTED, type WaitingTask } from './stuck.ts';
import { builtIns, realNowMs } from './trace.ts';

/** How long a task may stand there before it is told, ms. */
const PATIENCE_MS = 5000;

/** Tasks that were cancelled and have not ended, with the time of that, the oldest first. */
const cancelled = new Map<WaitingTask, number>();
let isTimerSet = false;

/** The task's async function was asked to stop. */
export function watchCancelled(task: WaitingTask): void {
  if (!cancelled.has(task)) cancelled.set(task, realNowMs());
  setTimer();
}

/** The task has ended. */
export function unwatchCancelled(task: WaitingTask): void {
  cancelled.delete(task);
}

function setTimer(): void {
  if (isTimerSet) return;
  isTimerSet = true;
  builtIns
    .setTimeout(() => {
      isTimerSet = false;
      tellUninterrupted(realNowMs());
      if (cancelled.size > 0) setTimer();
    }, PATIENCE_MS)
    .unref();
}

/** Tells of those that stand for too long by then. */
export function tellUninterrupted(nowMs: number): void {
  for (const [task, sinceMs] of cancelled) {
    const forMs = nowMs - sinceMs;
    if (forMs < PATIENCE_MS - 1) break;
    // Its clean-up may take as long as it likes, while it waits for what can be interrupted.
    if (task.waits().length > 0) continue;
    cancelled.delete(task);
    process.emitWarning(
      `${task.describe()}, ${describeOrigin(task.made)}, was cancelled ${Math.floor(forMs / 1000)} s ago and has not ended: ${UNINTERRUPTED}. A grace period (an option of run(), timeout() and cancel()) makes others wait no longer than that`,
      'SimulWarning',
      'SIMUL_NOT_INTERRUPTED',
    );
  }
}
