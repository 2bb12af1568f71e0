/**
 * The records of a task: its creation, its turns on the thread, its waits and its end. Called only
 * where there is a trace.
 */
import { type BridgeFrame, waitReasonOf, waitTargetOf } from '../../recorder/library-bridge.ts';
import { ACTIVATION_KIND, FLAG, KIND, OUTCOME, REASON, WAKER } from '../../trace/format/kinds.ts';
import type { CancelledError } from './errors.ts';
import { DONE, FAILED, STATE } from './future-state.ts';
import { Future } from './future.ts';
import { executing, scheduler } from './runner.ts';
import type { AttemptOptions } from './task-body.ts';
import { bridge, recorder, takeSite } from './trace.ts';

interface TracedTask {
  readonly id: number;
  readonly frame: BridgeFrame;
  readonly waitingOn: Future | null;
}

/** Serial of the step whose last record was a wait of its task. */
let lastWaitSerial = -1;

/** @returns what stands for the task on the thread's stack. */
export function writeBegin(
  id: number,
  isCoroutine: boolean,
  name: string,
  options: AttemptOptions | undefined,
): BridgeFrame {
  const frame = bridge.frame(id);
  const of = options?.job ?? 0;
  const ofTask = isCoroutine ? ACTIVATION_KIND.coroutine : ACTIVATION_KIND['async-task'];
  const parent = executing();
  recorder.write(
    KIND.activationBegin,
    (of === 0 ? ofTask : ACTIVATION_KIND.job) | FLAG.beginReady,
    id,
    parent,
    takeSite(),
    recorder.defineText(name),
    of,
  );
  return frame;
}

/**
 * The task has the thread.
 * @param waker the task that ended its wait; below 0: the world outside; 0: not known.
 * @param resource that it was woken through, or 0.
 */
export function writeRun(task: TracedTask, waker: number, resource: number): void {
  const flags = waker > 0 ? WAKER.known : waker < 0 ? WAKER.external : 0;
  // Nothing lies between two consecutive steps: this one begins when the one before it ended.
  if (scheduler.serial === lastWaitSerial + 1)
    recorder.writeAtLastTime(KIND.run, flags, task.id, Math.max(0, waker), resource, 0, 0);
  else recorder.write(KIND.run, flags, task.id, Math.max(0, waker), resource, 0, 0);
  bridge.site = 0;
  bridge.enter(task.frame);
}

/** The task has the thread: what it waited for has come, or it is cancelled. */
export function writeTurn(
  task: TracedTask,
  waitedFor: Future | null,
  cancellation: CancelledError | null,
): void {
  if (cancellation !== null) return writeRun(task, cancellation.by ?? 0, 0);
  if (waitedFor !== null) bridge.noteValue?.(task.id, waitedFor.value, (waitedFor.flags & STATE) !== DONE);
  writeRun(task, waitedFor?.settler ?? 0, waitedFor?.wakeResource() ?? 0);
}

/** The task gives the thread away. Null: it waits for nothing and could go on. */
export function writeWait(task: TracedTask, future: Future | null): void {
  if (future === null) recorder.write(KIND.wait, FLAG.waitYield, task.id, takeSite(), 0, 0, 0);
  else recorder.write(KIND.wait, future.waitReason(), task.id, takeSite(), future.waitTarget(), 0, 0);
  lastWaitSerial = scheduler.serial;
  bridge.leave(task.frame);
}

/**
 * The task's async function has run to its first wait; the task waits for it as a direct call.
 * @returns false when that function has no record: its waits are then recorded as the task's own.
 */
export function writeBody(task: TracedTask, promise: PromiseLike<unknown>): boolean {
  const packed = promise instanceof Future ? 0 : bridge.targetOf(promise);
  if (packed === 0) {
    writePause(task, promise instanceof Future ? promise : task.waitingOn);
    return false;
  }
  recorder.write(KIND.wait, waitReasonOf(packed) | FLAG.waitDirect, task.id, 0, waitTargetOf(packed), 0, 0);
  bridge.leave(task.frame);
  return true;
}

/** The task waits for what its function waits for, as far as that is known. */
export function writePause(task: TracedTask, future: Future | null): void {
  const reason = future?.waitReason() ?? REASON.future;
  recorder.write(KIND.wait, reason, task.id, 0, future?.waitTarget() ?? 0, 0, 0);
  bridge.leave(task.frame);
}

export function writeEnd(task: TracedTask, state: number, value: unknown): void {
  const outcome = state === DONE ? OUTCOME.ok : state === FAILED ? OUTCOME.error : OUTCOME.cancelled;
  const error = state === DONE ? 0 : recorder.defineText(value instanceof Error ? value.name : typeof value);
  recorder.write(KIND.activationEnd, outcome, task.id, error, 0, 0, 0);
  bridge.leave(task.frame);
}

/** It is asked to stop. What it waits for is cancelled by the same author. */
export function writeCancel(task: TracedTask, error: CancelledError): void {
  error.by ??= executing();
  const words = recorder.defineText(error.message);
  recorder.write(KIND.cancel, 0, task.id, Math.max(0, error.by), 0, words, 0);
}
