/**
 * The lane that the library finds in a program under trace (recorder/lane.ts): its tasks stand on the same stack as the activations of
 * instrumented functions, so that each knows the other as parent and as waker.
 */
import { REASON } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import {
  BRIDGE,
  packWait,
  waitReasonOf,
  waitTargetOf,
  type Frame,
  type LibraryBridge,
} from '../../../recorder/library-bridge.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { Activation, SETTLER, type ThreadState } from '../state/thread-state.ts';
import { promiseInfoOf } from '../promises/promise-hooks.ts';

const TASK = REASON.task;

export function createBridge(recorder: Recorder, moment: ThreadState): LibraryBridge {
  return {
    recorder,
    builtIns,
    site: 0,
    waitOf: null,
    frame: (id) => {
      const act = new Activation(id, 0, 0, null);
      act.running = false;
      return act;
    },
    enter(frame: Frame) {
      const act = frame as Activation;
      act.running = true;
      act.below = moment.current;
      moment.current = act;
      moment.newestPromise = null;
    },
    leave(frame: Frame) {
      const act = frame as Activation;
      if (!act.running) return;
      act.running = false;
      moment.current = act.below;
      act.below = null;
      moment.newestPromise = null;
      moment.lastExited = null;
    },
    topId: () => moment.current?.id ?? 0,
    currentId: () => (moment.current === null ? moment.creator : moment.current.id),
    setCause(by, via) {
      moment.causeSettler = by < 0 ? SETTLER.external : by;
      moment.causeResource = via;
    },
    targetOf(promise) {
      const link = promiseInfoOf(promise);
      if (link === undefined) return 0;
      return link.owner !== null ? packWait(TASK, link.owner.id) : packWait(link.reason, link.resource);
    },
    bindPromise(promise, packed) {
      const link = promiseInfoOf(promise);
      if (link === undefined) return;
      link.reason = waitReasonOf(packed);
      link.resource = waitTargetOf(packed);
    },
    settlerOf(promise) {
      const by = promiseInfoOf(promise)?.settler ?? 0;
      return by === SETTLER.external ? -1 : Math.max(0, by);
    },
  };
}

/** Puts the lane where the library looks for it. */
export function publishBridge(lane: LibraryBridge): void {
  Object.defineProperty(globalThis, BRIDGE, { value: lane, enumerable: false, configurable: true });
}
