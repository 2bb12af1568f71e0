/**
 * The lane that the library finds in a program under trace (recorder/lane.ts): its tasks stand on the same stack as the activations of
 * instrumented functions, so that each knows the other as parent and as waker.
 */
import { REASONS, numberOf } from '../../trace/format/kinds.ts';
import { builtIns } from '../../recorder/built-ins.ts';
import { LANE, packWait, waitReasonOf, waitTargetOf, type Frame, type Lane } from '../../recorder/lane.ts';
import type { Recorder } from '../../recorder/recorder.ts';
import { Act, BY, type Moment } from './moment.ts';
import { linkOf } from './promises.ts';

const TASK = numberOf(REASONS, 'task');

export function createLane(recorder: Recorder, moment: Moment): Lane {
  return {
    recorder,
    builtIns,
    site: 0,
    waitOf: null,
    frame: (id) => {
      const act = new Act(id, 0, 0, null);
      act.running = false;
      return act;
    },
    enter(frame: Frame) {
      const act = frame as Act;
      act.running = true;
      act.below = moment.current;
      moment.current = act;
      moment.fresh = null;
    },
    leave(frame: Frame) {
      const act = frame as Act;
      if (!act.running) return;
      act.running = false;
      moment.current = act.below;
      act.below = null;
      moment.fresh = null;
      moment.exited = null;
    },
    topId: () => moment.current?.id ?? 0,
    currentId: () => (moment.current === null ? moment.creator : moment.current.id),
    because(by, via) {
      moment.causeBy = by < 0 ? BY.external : by;
      moment.causeVia = via;
    },
    standsFor(promise) {
      const link = linkOf(promise);
      if (link === undefined) return 0;
      return link.owner !== null ? packWait(TASK, link.owner.id) : packWait(link.reason, link.resource);
    },
    means(promise, packed) {
      const link = linkOf(promise);
      if (link === undefined) return;
      link.reason = waitReasonOf(packed);
      link.resource = waitTargetOf(packed);
    },
    settlerOf(promise) {
      const by = linkOf(promise)?.by ?? 0;
      return by === BY.external ? -1 : Math.max(0, by);
    },
  };
}

/** Puts the lane where the library looks for it. */
export function publish(lane: Lane): void {
  Object.defineProperty(globalThis, LANE, { value: lane, enumerable: false, configurable: true });
}
