/**
 * When virtual time goes on: once no task is ready, Node's own queues are empty, and no task waits
 * for anything outside the library. A wait outside takes real time, and how long is not known: then
 * the order of the run cannot be promised, and the trace says so once.
 */
import { FACT, KIND } from '../../trace/format/kinds.ts';
import { externalWaits } from '../core/external-waits.ts';
import { scheduler } from '../core/runner.ts';
import { type RunScope, scopes } from '../core/run-scope.ts';
import { IS_ASYNC } from '../core/task-flags.ts';
import type { Task } from '../core/task.ts';
import { bridge, builtIns, recorder, traced } from '../core/trace.ts';
import { describeOrigin } from '../core/unhandled.ts';
import { VirtualClock } from './clocks.ts';

const VIRTUAL = FACT['virtual-clock'];
const NONDETERMINISTIC_ORDER = FACT['nondeterministic-order'];

/** Real time that virtual time stands still before somebody is told. */
const MAX_STILL_MS = 100;

/** Gives the run a virtual clock, which begins at 0. @returns what ends it. */
export function goVirtual(scope: RunScope): () => void {
  if (traced) recorder.write(KIND.fact, VIRTUAL, bridge.currentId(), 0, 0, 0, 0);
  const clock = new VirtualClock();
  scope.clock = clock;
  const stopStamping = clock.stampRecords();
  let isCheckDue = false;
  let isOver = false;
  let isTold = false;
  let still: NodeJS.Timeout | null = null;

  const checkLater = (): void => {
    if (isCheckDue) return;
    isCheckDue = true;
    // A turn of Node's loop later, so that all callbacks of settled promises have run.
    builtIns.setImmediate(() => {
      isCheckDue = false;
      if (isOver || !scheduler.isIdle) return;
      if (externalWaits.isAny) standStill();
      else {
        if (still !== null) builtIns.clearTimeout(still);
        still = null;
        clock.jump();
      }
    });
  };
  const standStill = (): void => {
    if (isTold || still !== null) return;
    still = builtIns.setTimeout(() => {
      isTold = true;
      warnStill(clock.nowMs);
    }, MAX_STILL_MS);
    // The program may end; nothing is told then.
    still.unref();
    if (traced) recordNondeterministicOrder();
  };
  // Nothing keeps Node alive, so nothing is under way outside: a task waits there for what never
  // comes, and must not hold up the others.
  const beforeExit = (): void => {
    if (scheduler.isIdle) clock.jump();
  };

  scheduler.setIdleListener(checkLater);
  externalWaits.setListener(checkLater);
  process.on('beforeExit', beforeExit);
  return () => {
    isOver = true;
    if (still !== null) builtIns.clearTimeout(still);
    scheduler.setIdleListener(null);
    externalWaits.setListener(null);
    process.off('beforeExit', beforeExit);
    stopStamping();
  };
}

/** The first task that waits outside; null: it is none of the library's. */
function outsideTask(): Task | null {
  const waiting = (scopes.allTasks() as Task[]).find(({ waitingOn, flags }) =>
    waitingOn === null ? (flags & IS_ASYNC) !== 0 : waitingOn.isForeign,
  );
  return waiting ?? (externalWaits.host as Task | null);
}

function warnStill(nowMs: number): void {
  const task = outsideTask();
  process.emitWarning(
    `virtual time stands still at ${nowMs} ms: ${task === null ? 'something' : `${task.describe()}, ${describeOrigin(task.made)},`} waits for what is not of this library, and how long that takes is not known`,
    'SimulWarning',
    'SIMUL_VIRTUAL_TIME_STILL',
  );
}

function recordNondeterministicOrder(): void {
  const task = outsideTask();
  if (task === null) return;
  const text = recorder.defineText(`${task.describe()} waits for something that is not of this library`);
  recorder.write(KIND.fact, NONDETERMINISTIC_ORDER, task.id, 0, text, 0, 0);
}
