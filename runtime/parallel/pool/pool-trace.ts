/**
 * What the parent's side of a pool records: calls submitted and answered, workers lost, the end of
 * the pool. Whether to record is chosen once, when this module loads; untraced, every method is a
 * no-op, and the pool itself never asks.
 */
import { bridge, recorder, traced } from '../../tasks/core/trace.ts';
import { KIND, OUTCOME } from '../../trace/format/kinds.ts';
import type { WorkerInit } from '../transport/messages.ts';
import { type Link, recordLink, recordWorkerExitText } from '../transport/trace-link.ts';
import { describeExit, type WorkerExit } from '../transport/worker-handle.ts';
import type { Call } from './call.ts';

export interface PoolTrace {
  /** A call goes to the pool, for the first time or after its worker ended. */
  submit(call: Call): void;
  /** The pool has no work with a call any more, whatever the outcome. */
  answer(call: Call): void;
  /** A task closed or terminated the pool. */
  close(): void;
  /** The task that settles a call by ending its pool; below 0: none of this process. */
  closerOf(call: Call): number;
  /** A worker ended. @param activations that it had begun and not ended. */
  workerLost(activations: readonly number[], exit: WorkerExit): void;
  /** The pool has no workers any more. */
  end(): void;
}

const NO_TRACE: PoolTrace = {
  submit() {},
  answer() {},
  close() {},
  closerOf: () => -1,
  workerLost() {},
  end() {},
};

export const createPoolTrace: (kind: 'threads' | 'processes', init: WorkerInit) => PoolTrace = traced
  ? (kind, init) => new RecordedPoolTrace(kind === 'threads', init)
  : () => NO_TRACE;

/** For each call TRACE_CONTEXT_ENTRIES; null untraced. */
export const traceContextsOf: (calls: readonly Call[]) => readonly number[] | null = traced
  ? (calls) => calls.flatMap(({ first, token, submitter, attempt }) => [first, token, submitter, attempt])
  : () => null;

class RecordedPoolTrace implements PoolTrace {
  readonly #isOneProcess: boolean;
  readonly #resource: number;
  /** The task that closed or terminated the pool. */
  #closer = 0;
  #hasEnded = false;

  constructor(isOneProcess: boolean, init: WorkerInit) {
    this.#isOneProcess = isOneProcess;
    this.#resource = init.resource;
  }

  submit(call: Call): void {
    if (call.submitter === 0) call.submitter = bridge.currentId();
    call.token = recorder.nextId();
    // In a thread the token is the id of the call's activation.
    call.settler = this.#isOneProcess ? call.token : -1;
    recordLink('send', 'job', call.submitter, this.#linkOf(call));
  }

  answer(call: Call): void {
    recordLink('receive', 'result', call.submitter, this.#linkOf(call));
  }

  close(): void {
    this.#closer = bridge.currentId();
  }

  /**
   * A task that waits for a call and terminates the pool itself does not settle its own wait: the
   * end of the worker does.
   */
  closerOf(call: Call): number {
    return this.#closer > 0 && this.#closer !== call.submitter ? this.#closer : -1;
  }

  /** The worker died without a word. The ids of another process are not known here. */
  workerLost(activations: readonly number[], exit: WorkerExit): void {
    if (activations.length === 0) return;
    const error = recordWorkerExitText(describeExit(exit));
    for (const activation of activations)
      recorder.write(KIND.activationEnd, OUTCOME.error, activation, error, 0, 0, 0);
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    recorder.write(KIND.resourceEnd, 0, this.#closer, this.#resource, 0, 0, 0);
  }

  #linkOf({ token, attempt }: Call): Link {
    return { token, pid: process.pid, resource: this.#resource, attempt };
  }
}
