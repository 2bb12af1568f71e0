/**
 * When virtual time goes on: once no task is ready, Node's own queues are empty, and no task waits
 * for anything outside the library. A wait outside takes real time, and how long is not known: then
 * the order of the run cannot be promised, and the trace says so once.
 */
import { FACT, KIND } from '../../trace/format/kinds.ts';
import { externalWaits } from '../core/external-waits.ts';
import { scheduler } from '../core/runner.ts';
import { livingTasks } from '../core/task.ts';
import { bridge, builtIns, recorder, traced } from '../core/trace.ts';
import { clock } from './clock.ts';

const VIRTUAL = FACT['virtual-clock'];
const NONDETERMINISTIC_ORDER = FACT['nondeterministic-order'];

/** Makes time virtual; it begins at 0. @returns what makes it real again. */
export function goVirtual(): () => void {
  if (traced) recorder.write(KIND.fact, VIRTUAL, bridge.currentId(), 0, 0, 0, 0);
  const goReal = clock.goVirtual();
  let isCheckDue = false;
  let isOrderRecorded = false;

  const checkLater = (): void => {
    if (isCheckDue) return;
    isCheckDue = true;
    // A turn of Node's loop later, so that all callbacks of settled promises have run.
    builtIns.setImmediate(() => {
      isCheckDue = false;
      if (!clock.isVirtual || !scheduler.isIdle) return;
      if (!externalWaits.isAny) clock.jump();
      else if (traced && !isOrderRecorded) {
        isOrderRecorded = true;
        recordNondeterministicOrder();
      }
    });
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
    scheduler.setIdleListener(null);
    externalWaits.setListener(null);
    process.off('beforeExit', beforeExit);
    goReal();
  };
}

function recordNondeterministicOrder(): void {
  for (const task of livingTasks) {
    if (!task.waitsExternally) continue;
    const text = recorder.defineText(`${task.describe()} waits for something that is not of this library`);
    recorder.write(KIND.fact, NONDETERMINISTIC_ORDER, task.id, 0, text, 0, 0);
    return;
  }
}
