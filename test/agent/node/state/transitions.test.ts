/**
 * The transitions of a thread's state: the stack, the cause, and what V8 is expected to report
 * next.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Activation, PromiseInfo, SETTLER } from '../../../../runtime/agent/node/state/activation.ts';
import { createThreadState, type ThreadState } from '../../../../runtime/agent/node/state/thread-state.ts';
import {
  clearCause,
  enterActivation,
  leaveActivation,
  setCause,
  suspendActivation,
} from '../../../../runtime/agent/node/state/transitions.ts';
import {
  noteAdoption,
  noteExit,
  notePromise,
  takeExited,
  takeNewestPromise,
} from '../../../../runtime/agent/node/state/v8-order.ts';

const activation = (id: number): Activation => new Activation(id, 0, 0);
const promise = (): PromiseInfo => new PromiseInfo(null, 0);

function stackOf({ current }: ThreadState): number[] {
  const ids: number[] = [];
  for (let top = current; top !== null; top = top.below) ids.push(top.id);
  return ids;
}

describe('the state of a thread', () => {
  it('has the activation on top that was entered last, and the one below when it leaves', () => {
    const state = createThreadState();
    const [outer, inner] = [activation(1), activation(2)];
    enterActivation(state, outer);
    enterActivation(state, inner);
    assert.deepEqual(stackOf(state), [2, 1]);
    leaveActivation(state, inner);
    assert.deepEqual([stackOf(state), inner.running, inner.below], [[1], false, null]);
    leaveActivation(state, outer);
    assert.deepEqual(stackOf(state), []);
  });

  it('loses with an activation what that left running above itself', () => {
    const state = createThreadState();
    const outer = activation(1);
    enterActivation(state, outer);
    enterActivation(state, activation(2));
    leaveActivation(state, outer);
    assert.deepEqual(stackOf(state), []);
  });

  it('expects the promises of an await from V8 only where V8 awaits', () => {
    const state = createThreadState();
    const waiter = activation(1);
    const awaited = promise();
    for (const v8Awaits of [true, false]) {
      enterActivation(state, waiter);
      suspendActivation(state, waiter, awaited, v8Awaits);
      assert.equal(state.suspending, v8Awaits ? waiter : null);
      assert.equal(waiter.waitPromise, awaited);
    }
  });

  it('expects nothing any more of V8 once an activation enters or leaves', () => {
    const state = createThreadState();
    const first = activation(1);
    notePromise(state, promise());
    noteExit(state, first);
    enterActivation(state, first);
    assert.deepEqual([state.newestPromise, state.lastExited], [null, null]);
    notePromise(state, promise());
    leaveActivation(state, first);
    assert.equal(state.newestPromise, null);
  });

  it('hands out once what V8 reported last', () => {
    const state = createThreadState();
    const [info, exited] = [promise(), activation(1)];
    notePromise(state, info);
    assert.deepEqual([takeNewestPromise(state), takeNewestPromise(state)], [info, null]);
    noteExit(state, exited);
    assert.deepEqual([takeExited(state), takeExited(state)], [exited, null]);
  });

  it('has no cause after the code that had one', () => {
    const state = createThreadState();
    setCause(state, SETTLER.external, 7, promise(), 3);
    noteAdoption(state, promise());
    assert.deepEqual([state.causeSettler, state.causeResource, state.creator], [-2, 7, 3]);
    clearCause(state);
    assert.deepEqual({ ...state }, { ...createThreadState() });
  });

  it('cannot be assigned from outside: the compiler refuses', () => {
    const state = createThreadState();
    // @ts-expect-error its fields are readonly outside of state/
    state.creator = 1;
    assert.equal(state.creator, 1);
  });
});
