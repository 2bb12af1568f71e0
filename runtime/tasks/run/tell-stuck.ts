/**
 * Tells of waits that nothing can end. When Node has nothing left to do, whoever still waits waits
 * for ever: the program would end in silence. In a run with the option `deadlock` a ring of tasks
 * that wait for each other is told at once, where it closes.
 */
import { DeadlockError } from '../core/errors.ts';
import { type RunScope, scopes } from '../core/run-scope.ts';
import { scheduler } from '../core/runner.ts';
import {
  blockersOf,
  cycleOf,
  cycleWatch,
  describeCycle,
  describeWaits,
  type WaitingTask,
} from '../core/stuck.ts';
import { builtIns } from '../core/trace.ts';

/** Tasks that are named in one warning. */
const MAX_NAMED = 10;
/** As Node ends where a top-level `await` is not over. */
const STATUS = 13;

/** A task that has not ended, with who waits for it. */
interface StuckTask extends WaitingTask {
  readonly isAwaited: boolean;
  readonly scope: RunScope;
}

const told = new WeakSet<WaitingTask>();
let lastSerial = -1;

process.on('beforeExit', () => {
  if (scopes.livingCount === 0 || !scheduler.isIdle || scheduler.serial === lastSerial) return;
  const { serial } = scheduler;
  // Others may still have something to do now: virtual time may go on.
  builtIns.setImmediate(() => {
    if (scheduler.serial !== serial || !scheduler.isIdle) return;
    lastSerial = serial;
    tellStuck(scopes.allTasks() as unknown as StuckTask[]);
  });
});

function tellStuck(tasks: readonly StuckTask[]): void {
  for (const task of tasks) tellCycle(task);
  // A task that nobody waits for may wait for ever: a worker at an empty queue.
  const stuck = tasks.filter((task) => (isMissed(task) || losesWork(task)) && !told.has(task));
  if (stuck.length === 0) return;
  for (const task of stuck) told.add(task);
  const lines = stuck.slice(0, MAX_NAMED).map((task) => `\n  ${describeWaits(task)}`);
  const more = stuck.length > MAX_NAMED ? `\n  and ${stuck.length - MAX_NAMED} more` : '';
  warn(`the program has nothing left to do, and nothing can end these waits:${lines.join('')}${more}`);
}

/** Somebody waits for its end: another task, or the caller of its run. */
function isMissed(task: StuckTask): boolean {
  return task.isAwaited || (task.scope.main as unknown) === task;
}

/** It has something to hand over, or waits for what a task kept when it ended. */
function losesWork(task: StuckTask): boolean {
  return task.waits().some((wait) => {
    if (wait.isLoss === true) return true;
    return blockersOf([wait]).some((blocker) => blocker.holds !== null && blocker.task.isDone);
  });
}

function tellCycle(task: WaitingTask): void {
  if (told.has(task)) return;
  const cycle = cycleOf(task);
  if (cycle === null) return;
  for (const { blocker } of cycle) told.add(blocker.task);
  warn(`deadlock: ${describeCycle(cycle)}`);
}

function warn(message: string): void {
  process.emitWarning(message, 'SimulWarning', 'SIMUL_DEADLOCK');
  process.exitCode ??= STATUS;
}

/** Runs that look, by what they want. */
const watching = { warn: 0, throw: 0 };

/** Looks for a ring whenever a wait begins. @returns what ends that. */
export function watchCycles(way: 'warn' | 'throw'): () => void {
  watching[way]++;
  cycleWatch.check = check;
  return () => {
    watching[way]--;
    if (watching.warn + watching.throw === 0) cycleWatch.check = null;
  };
}

function check(task: WaitingTask): void {
  const cycle = cycleOf(task);
  if (cycle === null) return;
  const error = new DeadlockError(`deadlock: ${describeCycle(cycle)}`);
  // The wait that closed the ring may be for a task, which cannot refuse it.
  if (watching.throw > 0 && cycle.some(({ wait }) => wait.refuse?.(error) === true)) return;
  tellCycle(task);
}
