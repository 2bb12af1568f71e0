/** What the calls of a pool fail with, and what is said of its workers, each in one sentence. */
import { QueueFull } from '../../sync/errors.ts';
import { TimeoutError } from '../../tasks/core/errors.ts';
import { WorkerError } from '../core/errors.ts';
import { describeExit, type WorkerExit } from '../transport/worker-handle.ts';
import type { Call } from './call.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** @param description the pool, as messages name it: `pool "squares"`. */
export function startError(description: string, exit: WorkerExit): WorkerError {
  const message = `workers of ${description} cannot start: ${describeExit(exit)}`;
  return new WorkerError(message, exit.code, exit.cause);
}

export function callTimeoutError(description: string, { fn, limits }: Call): TimeoutError {
  return new TimeoutError(`${fn.label}() ran in ${description} for longer than ${limits.timeoutMs} ms`);
}

export function workerLostError(
  description: string,
  { fn }: Call,
  slot: WorkerSlot,
  exit: WorkerExit,
): WorkerError {
  const end = slot.isStopped ? 'was ended, because another call in it was stopped,' : describeExit(exit);
  const message = `a worker of ${description} ${end} while it had ${fn.label}()`;
  return new WorkerError(message, exit.code, exit.cause);
}

export function poolFullError(description: string, maxQueue: number): QueueFull {
  return new QueueFull(
    `${description} is full: as many calls wait for a worker as its maxQueue allows (${maxQueue}); map() and imap() wait for room`,
  );
}
