import { strict as assert } from 'node:assert';
import { setImmediate as nativeTurn, setTimeout as nativeSleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import {
  Event,
  gather,
  Queue,
  race,
  run,
  sleep,
  spawn,
  type Task,
  timeout,
  wait,
} from '../../../runtime/index.ts';

/** What an async function does with two tasks, and what becomes of them when it is cancelled. */
interface Case {
  readonly title: string;
  readonly body: (a: Task<string>, b: Task<string>, stands: () => void) => Promise<unknown>;
  /** The states of the two right after the cancellation. */
  readonly states: readonly [string, string];
  /** How its task ends; without it: cancelled. */
  readonly ends?: string;
}

const waits = async (task: Task<string>): Promise<string> => await task;
const ignore = (): void => {};
const CANCELLED = ['cancelled', 'cancelled'] as const;
const GO_ON = ['waiting', 'waiting'] as const;

const cases: readonly Case[] = [
  {
    title: 'both of Promise.all',
    async body(a, b, stands) {
      stands();
      await Promise.all([a, b]);
    },
    states: CANCELLED,
  },
  {
    title: 'both of Promise.allSettled',
    async body(a, b, stands) {
      stands();
      await Promise.allSettled([a, b]);
    },
    states: CANCELLED,
    ends: 'done',
  },
  {
    title: 'both of Promise.race',
    async body(a, b, stands) {
      stands();
      await Promise.race([a, b]);
    },
    states: CANCELLED,
  },
  {
    title: 'both of Promise.any',
    async body(a, b, stands) {
      stands();
      await Promise.any([a, b]);
    },
    states: CANCELLED,
    ends: 'failed',
  },
  {
    title: 'those of functions that it called',
    async body(a, b, stands) {
      stands();
      await Promise.all([waits(a), waits(b)]);
    },
    states: CANCELLED,
  },
  {
    title: 'those of functions that were called before',
    async body(a, b, stands) {
      const both = [waits(a), waits(b)];
      stands();
      await both[0];
    },
    states: CANCELLED,
  },
  {
    title: 'those beside a function that goes on',
    async body(a, b, stands) {
      const many = async (): Promise<void> => {
        for (let left = 20; left > 0; left--) await sleep(0);
        stands();
        await sleep(100_000);
      };
      await Promise.all([many(), a, b]);
    },
    states: CANCELLED,
  },
  {
    title: 'not one with a handler for its error',
    async body(a, b, stands) {
      a.catch(ignore);
      b.then(null, ignore);
      stands();
      await sleep(100_000);
    },
    states: GO_ON,
  },
  {
    title: 'not one with handlers for both ends',
    async body(a, b, stands) {
      a.then(
        (value) => value,
        (error: unknown) => error,
      );
      b.finally(ignore);
      stands();
      await sleep(100_000);
    },
    states: GO_ON,
  },
  {
    title: 'not those of a Promise.all that it left behind',
    async body(a, b, stands) {
      Promise.all([a, b]).catch(ignore);
      stands();
      await sleep(100_000);
    },
    states: GO_ON,
  },
  {
    title: 'not those of a Promise.race that is over',
    async body(a, b, stands) {
      await Promise.race([a, b, sleep(0)]);
      stands();
      await sleep(100_000);
    },
    states: GO_ON,
  },
  {
    title: 'not those of a Promise.any that is over',
    async body(a, b, stands) {
      await Promise.any([a, sleep(0), b]);
      stands();
      await sleep(100_000);
    },
    states: GO_ON,
  },
  {
    title: 'not those of a Promise.all that has failed',
    async body(a, b, stands) {
      const fails = spawn(async () => Promise.reject(new Error('bad')));
      await Promise.all([a, b, fails]).catch(ignore);
      stands();
      await sleep(100_000);
    },
    states: GO_ON,
  },
  {
    title: 'not those of a combinator when its function waits for something else since',
    async body(a, b, stands) {
      Promise.race([a, b]).catch(ignore);
      await nativeTurn();
      stands();
      await sleep(100_000);
    },
    states: GO_ON,
  },
];

describe('Cancelling an async function that waits reaches', () => {
  for (const { title, body, states, ends = 'cancelled' } of cases) {
    it(title, async () => {
      await run(async () => {
        const long = async (): Promise<string> => {
          await sleep(100_000);
          return 'there';
        };
        const a = spawn(long);
        const b = spawn(long);
        const stands = new Event();
        const waiter = spawn(() => body(a, b, () => stands.set()));
        await stands.wait();
        await sleep(0);
        assert.equal(waiter.cancel(), true);
        await sleep(0);
        assert.deepEqual([a.state, b.state], states);
        await wait([waiter]);
        assert.equal(waiter.state, ends);
        if (ends === 'failed') assert.ok(waiter.error instanceof AggregateError);
        a.cancel();
        b.cancel();
        await wait([a, b]);
      });
    });
  }

  it('a promise of Node after a race that is over, whose loser must not take the cancellation', async () => {
    await run(async () => {
      const go = new Event();
      const slow = spawn(async () => {
        await go.wait();
        return 'slow';
      });
      const waiter = spawn(async () => {
        await Promise.race([slow, sleep(0)]);
        waiter.cancel();
        go.set();
        await nativeTurn();
        await nativeTurn();
        assert.equal(slow.state, 'done');
        await new Queue().get();
      });
      await wait([waiter]);
      assert.equal(waiter.state, 'cancelled');
    });
  });
});

describe('On the virtual clock time goes on while a promise hides a sleep', () => {
  const helper = async (): Promise<string> => {
    await sleep(50);
    return 'rested';
  };
  const programs: Record<string, () => unknown> = {
    gather: async () => gather([helper(), helper()]),
    race: async () => race([helper()]),
    timeout: async () => timeout(5000, helper()),
    'gather in gather': async () => gather([gather([helper()])]),
    'a coroutine that yields it': function* (): Generator<PromiseLike<string>, unknown, unknown> {
      return yield helper();
    },
    'a coroutine that gathers it': function* () {
      return yield* gather([helper()]);
    },
  };
  for (const [title, main] of Object.entries(programs)) {
    it(title, async () => {
      // Something keeps Node alive, as a test runner or a server does.
      const alive = setInterval(() => {}, 1000);
      try {
        const result = await run(main as () => Promise<unknown>, { clock: 'virtual' });
        assert.deepEqual([result].flat(2).at(0), 'rested');
      } finally {
        clearInterval(alive);
      }
    });
  }

  it('and stands still while one of them is of the world outside', async () => {
    const order: string[] = [];
    await run(
      async () => {
        const outside = nativeSleep(20).then(() => order.push('outside'));
        const later = spawn(async () => {
          await sleep(1000);
          order.push('a second later');
        });
        await gather([outside]);
        await later;
      },
      { clock: 'virtual' },
    );
    assert.deepEqual(order, ['outside', 'a second later']);
  });
});
