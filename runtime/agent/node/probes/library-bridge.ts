/**
 * The bridge that the library finds in a program under trace (`recorder/library-bridge.ts`). Its
 * tasks stand on the same stack as the activations of instrumented functions, so that each knows
 * the other as parent and as waker. The bridge records nothing: the library does that itself.
 */
import vm from 'node:vm';
import { REASON } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import {
  BRIDGE,
  packWait,
  waitReasonOf,
  waitTargetOf,
  type BridgeFrame,
  type LibraryBridge,
} from '../../../recorder/library-bridge.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { emittedTextOf } from '../builtins/function-text.ts';
import { Activation, SETTLER } from '../state/activation.ts';
import { bindResource, promiseInfoOf } from '../state/promise-info.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { enterActivation, leaveActivation, setCause } from '../state/transitions.ts';

const TASK = REASON.task;

export function createBridge(recorder: Recorder, state: ThreadState): LibraryBridge {
  return {
    recorder,
    builtIns,
    site: 0,
    waitOf: null,
    frame: (id) => new Activation(id, 0, 0),
    // The main activation is made later, and puts its end here.
    beginWork() {},
    beginInspecting() {},
    enter(frame: BridgeFrame) {
      enterActivation(state, frame as Activation);
    },
    leave(frame: BridgeFrame) {
      const activation = frame as Activation;
      if (activation.running) leaveActivation(state, activation);
    },
    topId: () => state.current?.id ?? 0,
    currentId: () => (state.current === null ? state.creator : state.current.id),
    setCause(settler, resource) {
      const { causePromise, creator } = state;
      setCause(state, settler < 0 ? SETTLER.external : settler, resource, causePromise, creator);
    },
    targetOf(promise) {
      const info = promiseInfoOf(promise);
      if (info === undefined) return 0;
      return info.owner !== null ? packWait(TASK, info.owner.id) : packWait(info.reason, info.resource);
    },
    bindPromise(promise, packed) {
      const info = promiseInfoOf(promise);
      if (info !== undefined) bindResource(info, waitReasonOf(packed), waitTargetOf(packed));
    },
    textOf: emittedTextOf,
    settlerOf(promise) {
      const settler = promiseInfoOf(promise)?.settler ?? 0;
      return settler === SETTLER.external ? -1 : settler > 0 ? settler : 0;
    },
  };
}

/** Puts the bridge where the library looks for it. */
export function publishBridge(bridge: LibraryBridge): void {
  const text = `let ${BRIDGE};(bridge)=>{${BRIDGE}=bridge}`;
  const publish = vm.runInThisContext(text, { filename: '' }) as (bridge: LibraryBridge) => void;
  publish(bridge);
}
