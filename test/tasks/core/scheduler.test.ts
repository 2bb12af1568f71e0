import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Scheduler, type Step } from '../../../runtime/tasks/core/scheduler.ts';
import { random } from '../../../runtime/tasks/run/random.ts';

const idle = (scheduler: Scheduler<object>): Promise<void> =>
  new Promise((done) => scheduler.setIdleListener(done));

describe('the ready queue', () => {
  it('runs steps in the order of arrival, also those that arrive while it runs', async () => {
    const scheduler = new Scheduler<object>();
    const order: number[] = [];
    const step = (n: number): Step => ({
      step() {
        order.push(n);
        if (n < 3) scheduler.ready(step(n + 10));
      },
    });
    for (const n of [1, 2, 3]) scheduler.ready(step(n));
    assert.deepEqual(order, [], 'nothing runs at once');
    await idle(scheduler);
    assert.deepEqual(order, [1, 2, 3, 11, 12]);
  });

  it('keeps the order when it grows while it is full and wrapped around', async () => {
    const scheduler = new Scheduler<object>();
    const order: number[] = [];
    const expected: number[] = [];
    let made = 0;
    const add = (count: number): void => {
      for (let i = 0; i < count; i++) {
        const n = made++;
        expected.push(n);
        // The first forty make forty more each time: the ring is full with its head in the middle.
        scheduler.ready({
          step() {
            order.push(n);
            if (n < 40) add(7);
          },
        });
      }
    };
    add(50);
    await idle(scheduler);
    assert.deepEqual(order, expected);
    assert.equal(order.length, 50 + 40 * 7);
  });

  it('lets Node’s event loop turn when steps go on without end', async () => {
    const scheduler = new Scheduler<object>();
    let turned = false;
    setImmediate(() => (turned = true));
    await new Promise<void>((done) => {
      const again: Step = {
        step() {
          if (turned) done();
          else scheduler.ready(again);
        },
      };
      scheduler.ready(again);
    });
    assert.equal(turned, true);
  });

  it('draws the next step with a seed: the same seed, the same order; each step once', async () => {
    const drawn = async (seed: number): Promise<number[]> => {
      const scheduler = new Scheduler<object>();
      scheduler.setRandom(random(seed));
      const order: number[] = [];
      for (let n = 0; n < 100; n++) scheduler.ready({ step: () => void order.push(n) });
      await idle(scheduler);
      return order;
    };
    const order = await drawn(1);
    assert.deepEqual(await drawn(1), order);
    assert.notDeepEqual(await drawn(2), order);
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      Array.from({ length: 100 }, (_, n) => n),
    );
  });
});
