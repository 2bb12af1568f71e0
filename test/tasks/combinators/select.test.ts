import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  CancelledError,
  Event,
  Lock,
  Queue,
  QueueClosed,
  run,
  select,
  sleep,
  spawn,
} from '../../../runtime/index.ts';

describe('select', () => {
  it('takes the first that is possible at once, and begins none behind it', async () => {
    await run(async () => {
      const [a, b] = [new Queue<string>(), new Queue<string>()];
      a.putNow('a');
      b.putNow('b');
      const begun: string[] = [];
      const getOf = (queue: Queue<string>, name: string) => () => {
        begun.push(name);
        return queue.get();
      };
      assert.deepEqual(await select([getOf(a, 'a'), getOf(b, 'b')]), { index: 0, value: 'a' });
      assert.deepEqual([begun, b.size], [['a'], 1]);
      assert.deepEqual(await select([getOf(a, 'a'), getOf(b, 'b')]), { index: 1, value: 'b' });
    });
  });

  it('waits for the first when none is, and leaves the others as they were', async () => {
    await run(async () => {
      const [a, b, lock] = [new Queue<string>(), new Queue<string>(), new Lock()];
      const held = await lock.acquire();
      const selected = spawn(async () => select([() => a.get(), () => b.get(), () => lock.acquire()]));
      await sleep(0);
      b.putNow('b');
      held.release();
      assert.deepEqual(await selected, { index: 1, value: 'b' });
      a.putNow('a');
      assert.deepEqual([a.size, lock.isLocked], [1, false]);
    });
  });

  it('is cancelled with all of them, also by a signal', async () => {
    const queue = new Queue<string>();
    const controller = new AbortController();
    const selected = select([() => queue.get(), () => new Event().wait()], { signal: controller.signal });
    controller.abort();
    await assert.rejects(selected, CancelledError);
    queue.putNow('kept');
    assert.equal(queue.size, 1);
  });

  it('fails as the one that ended does, and when one cannot begin it begins no other', async () => {
    const closed = new Queue();
    closed.close();
    await assert.rejects(select([() => new Event().wait(), () => closed.get()]), QueueClosed);
    const queue = new Queue<string>();
    const fails = (): never => {
      throw new Error('bad');
    };
    assert.throws(() => select([() => queue.get(), fails]), /bad/);
    queue.putNow('kept');
    assert.equal(queue.size, 1);
    assert.throws(() => select([]), /^RangeError: select\(\) needs at least one operation/);
    assert.throws(() => select([queue.get()] as never), /^TypeError: select\(\) needs a function/);
  });
});
