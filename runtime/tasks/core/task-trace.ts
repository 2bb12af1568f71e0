/** What a task writes into the trace: its making, its turns on the thread, its waits and its end. Called only where there is a trace. */
import { type Frame, waitReasonOf, waitTargetOf } from '../../recorder/library-bridge.ts';
import { FLAG, KIND, OUTCOME, REASON, WAKER } from '../../trace/format/kinds.ts';
import { DONE, executing, FAILED, Future, scheduler } from './future.ts';
import { bridge, recorder, takeSite } from './trace.ts';

interface Traced {
  readonly id: number;
  readonly frame: Frame;
  readonly waitingOn: Future | null;
}

const WAITS_FOR_FUTURE = REASON.future;

/** The step that ended with a wait of its task, written just now. */
let lastWritten = -1;

export function writeBegin(task: Traced, kind: number, name: string): void {
  const parent = executing();
  recorder.write(
    KIND.activationBegin,
    kind | FLAG.beginReady,
    task.id,
    parent,
    takeSite(),
    recorder.text(name),
    0,
  );
}

/** It has the thread. `by`: who ended its wait (below 0: the world), through the resource `via` or 0. */
export function writeRun(task: Traced, by: number, via: number): void {
  const waker = by > 0 ? WAKER.known : by < 0 ? WAKER.external : 0;
  // Between two steps that follow each other there is nothing: the next begins when the one before it ended.
  if (scheduler.serial === lastWritten + 1)
    recorder.writeSame(KIND.run, waker, task.id, Math.max(0, by), via, 0, 0);
  else recorder.write(KIND.run, waker, task.id, Math.max(0, by), via, 0, 0);
  bridge.site = 0;
  bridge.enter(task.frame);
}

/** It gives the thread away; null: for nothing, it could go on. */
export function writeWait(task: Traced, future: Future | null): void {
  if (future === null) recorder.write(KIND.wait, FLAG.waitYield, task.id, takeSite(), 0, 0, 0);
  else recorder.write(KIND.wait, future.waitReason(), task.id, takeSite(), future.waitTarget(), 0, 0);
  lastWritten = scheduler.serial;
  bridge.leave(task.frame);
}

/**
 * Its async function has run to its first wait, and is waited for as a direct call.
 * @returns false when there is no record of that function: what it waits for is the task's own wait.
 */
export function writeBody(task: Traced, promise: PromiseLike<unknown>): boolean {
  const stands = promise instanceof Future ? 0 : bridge.targetOf(promise);
  if (stands === 0) {
    writePause(task, promise instanceof Future ? promise : task.waitingOn);
    return false;
  }
  recorder.write(KIND.wait, waitReasonOf(stands) | FLAG.waitDirect, task.id, 0, waitTargetOf(stands), 0, 0);
  bridge.leave(task.frame);
  return true;
}

/** What its function waits for, as far as that is known. */
export function writePause(task: Traced, future: Future | null): void {
  const why = future?.waitReason() ?? WAITS_FOR_FUTURE;
  recorder.write(KIND.wait, why, task.id, 0, future?.waitTarget() ?? 0, 0, 0);
  bridge.leave(task.frame);
}

export function writeEnd(task: Traced, state: number, value: unknown): void {
  const outcome = state === DONE ? OUTCOME.ok : state === FAILED ? OUTCOME.error : OUTCOME.cancelled;
  const error = state === DONE ? 0 : recorder.text(value instanceof Error ? value.name : typeof value);
  recorder.write(KIND.activationEnd, outcome, task.id, error, 0, 0, 0);
  bridge.leave(task.frame);
}
