/**
 * When virtual time goes on: once no task is ready, Node's own queues are empty, and no task waits for anything outside the library. What
 * is outside takes real time, and how long nobody can say: then the order of the run cannot be promised, and the trace says so once.
 */
import { KIND, FACT } from '../../trace/format/kinds.ts';
import { clock } from './clock.ts';
import { scheduler } from '../core/future.ts';
import { externalWaits } from '../core/external-waits.ts';
import { livingTasks } from '../core/task.ts';
import { builtIns, bridge, recorder, traced } from '../core/trace.ts';

const VIRTUAL = FACT['virtual-clock'];
const NONDETERMINISTIC_ORDER = FACT['nondeterministic-order'];

/** From here on time is virtual, and begins at 0. The result sets it back. */
export function goVirtual(): () => void {
  if (traced) recorder.write(KIND.fact, VIRTUAL, bridge.currentId(), 0, 0, 0, 0);
  const setBack = clock.goVirtual();
  let isLooking = false;
  let isSaid = false;

  const look = (): void => {
    if (isLooking) return;
    isLooking = true;
    // A turn of Node's loop later, so that whatever goes on in promises has come to rest.
    builtIns.setImmediate(() => {
      isLooking = false;
      if (!clock.isVirtual || !scheduler.idle) return;
      if (externalWaits.count === 0) clock.jump();
      else if (traced && !isSaid) {
        isSaid = true;
        recordNondeterministicOrder();
      }
    });
  };
  // Nothing keeps Node alive, so nothing is under way outside: somebody waits for what never comes, and must not hold up the others.
  const atRest = (): void => {
    if (scheduler.idle) clock.jump();
  };

  scheduler.onIdle = look;
  externalWaits.onNone = look;
  process.on('beforeExit', atRest);
  return () => {
    scheduler.onIdle = null;
    externalWaits.onNone = null;
    process.off('beforeExit', atRest);
    setBack();
  };
}

function recordNondeterministicOrder(): void {
  for (const task of livingTasks) {
    if (!task.waitsExternally) continue;
    const text = recorder.text(`${task.describe()} waits for something that is not of this library`);
    recorder.write(KIND.fact, NONDETERMINISTIC_ORDER, task.id, 0, text, 0, 0);
    return;
  }
}
