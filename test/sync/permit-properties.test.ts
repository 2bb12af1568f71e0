import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  CancelledError,
  Condition,
  Lock,
  run,
  Semaphore,
  sleep,
  spawn,
  type Task,
} from '../../runtime/index.ts';

const user = fc.record({
  isAsync: fc.boolean(),
  atMs: fc.integer({ min: 0, max: 5 }),
  forMs: fc.integer({ min: 0, max: 3 }),
  times: fc.integer({ min: 1, max: 3 }),
  cancelledAtMs: fc.option(fc.integer({ min: 0, max: 12 })),
});
const users = fc.array(user, { minLength: 1, maxLength: 8 });
/** More tasks wait than there is stock, and many are cancelled in the ms of their notification. */
const waiters = fc.array(
  fc.record({
    isAsync: fc.boolean(),
    atMs: fc.integer({ min: 0, max: 1 }),
    cancelledAtMs: fc.option(fc.integer({ min: 2, max: 4 })),
  }),
  { minLength: 3, maxLength: 6 },
);

function* cancelAsPlanned(
  tasks: readonly Task<unknown>[],
  plan: readonly { readonly cancelledAtMs: number | null }[],
): Generator<Task<unknown> | ReturnType<typeof sleep>, void, unknown> {
  for (let ms = 0; ms < 13; ms++) {
    yield* sleep(1);
    plan.forEach((actor, i) => {
      if (actor.cancelledAtMs === ms) tasks[i]!.cancel();
    });
  }
  for (const task of tasks) {
    try {
      yield* task;
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
    }
  }
}

describe('Whichever tasks are cancelled, and in whatever order tasks go on,', () => {
  it('no more tasks hold a permit than there are permits, and all permits come back', async () => {
    await fc.assert(
      fc.asyncProperty(users, fc.integer({ min: 1, max: 3 }), fc.integer(), async (plan, permits, seed) => {
        await run(
          function* () {
            const semaphore = new Semaphore(permits);
            let holding = 0;
            const enter = (): void => assert.ok(++holding <= permits, 'one too many');
            const tasks = plan.map((actor) =>
              actor.isAsync
                ? spawn(async () => {
                    await sleep(actor.atMs);
                    for (let n = 0; n < actor.times; n++) {
                      using _held = await semaphore.acquire();
                      enter();
                      try {
                        await sleep(actor.forMs);
                      } finally {
                        holding--;
                      }
                    }
                  })
                : spawn(function* () {
                    yield* sleep(actor.atMs);
                    for (let n = 0; n < actor.times; n++) {
                      using _held = yield* semaphore.acquire();
                      enter();
                      try {
                        yield* sleep(actor.forMs);
                      } finally {
                        holding--;
                      }
                    }
                  }),
            );
            yield* cancelAsPlanned(tasks, plan);
            assert.equal(semaphore.available, permits);
          },
          { clock: 'virtual', seed },
        );
      }),
      { numRuns: 200 },
    );
  });

  it('a lock is acquired in the order of asking', async () => {
    await fc.assert(
      fc.asyncProperty(users, fc.integer(), async (plan, seed) => {
        await run(
          function* () {
            const lock = new Lock();
            const asked: number[] = [];
            const held: number[] = [];
            const cancelled = new Set<number>();
            const tasks = plan.map((actor, i) =>
              spawn(function* () {
                yield* sleep(actor.atMs);
                const turn = lock.acquire();
                asked.push(i);
                try {
                  using _held = yield* turn;
                  held.push(i);
                  yield* sleep(actor.forMs);
                } catch (error) {
                  if (!held.includes(i)) cancelled.add(i);
                  throw error;
                }
              }),
            );
            yield* cancelAsPlanned(tasks, plan);
            assert.equal(lock.isLocked, false);
            assert.deepEqual(
              held,
              asked.filter((i) => !cancelled.has(i)),
            );
          },
          { clock: 'virtual', seed },
        );
      }),
      { numRuns: 200 },
    );
  });

  it('no notification of a condition is lost, and its lock is free in the end', async () => {
    await fc.assert(
      fc.asyncProperty(waiters, fc.integer({ min: 1, max: 3 }), fc.integer(), async (plan, stock, seed) => {
        await run(
          function* () {
            const condition = new Condition();
            let left = 0;
            const tasks = plan.map((actor) =>
              actor.isAsync
                ? spawn(async () => {
                    await sleep(actor.atMs);
                    using _held = await condition.acquire();
                    await condition.waitFor(() => left > 0);
                    left--;
                  })
                : spawn(function* () {
                    yield* sleep(actor.atMs);
                    using _held = yield* condition.acquire();
                    while (left === 0) yield* condition.wait();
                    left--;
                  }),
            );
            const putter = spawn(function* () {
              yield* sleep(1);
              for (let n = 0; n < stock; n++) {
                yield* sleep(1);
                using _held = yield* condition.acquire();
                left++;
                condition.notify();
              }
            });
            plan.forEach((actor, i) => {
              if (actor.cancelledAtMs === null) return;
              const at = actor.cancelledAtMs;
              spawn(function* () {
                yield* sleep(at);
                tasks[i]!.cancel();
              });
            });
            yield* putter;
            yield* sleep(50);
            const waiting = tasks.filter((task) => !task.isDone);
            if (waiting.length > 0) assert.equal(left, 0, 'one waits for what is there');
            assert.equal(condition.lock.isLocked, false);
            for (const task of waiting) task.cancel();
            yield* sleep(1);
            assert.equal(condition.lock.isLocked, false);
            assert.deepEqual(
              tasks.map((task) => task.isDone),
              tasks.map(() => true),
            );
          },
          { clock: 'virtual', seed },
        );
      }),
      { numRuns: 300 },
    );
  });
});
