import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  allTasks,
  CancelledError,
  Future,
  now,
  run,
  sleep,
  spawn,
  TimeoutError,
} from '../../../runtime/index.ts';
import { warningsOf } from '../warnings.ts';

const virtual = { clock: 'virtual' } as const;

describe('run', () => {
  it('gives what main gives, in every form of main', async () => {
    assert.equal(
      await run(function* () {
        yield;
        return 'coroutine';
      }),
      'coroutine',
    );
    assert.equal(await run(async () => 'async'), 'async');
    assert.equal(await run(() => 'plain'), 'plain');
    assert.equal(await run(() => Future.done('future')), 'future');
  });

  it('fails with main’s own error', async () => {
    const error = new Error('mine');
    await assert.rejects(
      run(function* () {
        throw error;
      }),
      (thrown) => thrown === error,
    );
  });

  it('cancels the tasks that are left, the youngest first, and waits for their clean-up', async () => {
    const order: string[] = [];
    const keep: unknown[] = [];
    await warningsOf(() =>
      run(function* () {
        for (const name of ['a', 'b', 'c']) {
          keep.push(
            spawn(function* () {
              try {
                yield* new Future();
              } finally {
                order.push(`${name} begins to clean up`);
                yield* sleep(5);
                order.push(`${name} is clean`);
              }
            }),
          );
        }
        yield;
        order.push('main ends');
      }, virtual),
    );
    assert.deepEqual(order, [
      'main ends',
      'c begins to clean up',
      'b begins to clean up',
      'a begins to clean up',
      'c is clean',
      'b is clean',
      'a is clean',
    ]);
    assert.deepEqual(allTasks(), []);
  });

  it('ends the tasks that the clean-up of others begins, too', async () => {
    let ended = false;
    await warningsOf(() =>
      run(function* () {
        spawn(function* () {
          try {
            yield* new Future();
          } finally {
            spawn(function* () {
              try {
                yield* new Future();
              } finally {
                ended = true;
              }
            });
            yield;
          }
        });
        yield;
      }),
    );
    assert.equal(ended, true);
    assert.deepEqual(allTasks(), []);
  });

  it('refuses at the call what cannot be run', () => {
    assert.throws(
      () => run(Promise.resolve() as never),
      /run\(\) needs a function or a coroutine, not a promise, which runs already/,
    );
    assert.throws(() => run(3 as never), /not 3/);
    assert.throws(
      () => spawn(Promise.resolve() as never),
      /spawn\(\) needs a function or a coroutine, not a promise/,
    );
    assert.throws(
      () => run(() => 1, { deadline: -5 }),
      new RangeError('the deadline of run() must be a number of ms above 0, not -5'),
    );
    assert.deepEqual(allTasks(), []);
  });

  it('cancels main when its deadline passes, and fails with TimeoutError when the clean-up has run', async () => {
    let cleanedUpAt = -1;
    await assert.rejects(
      run(
        function* () {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(1);
            cleanedUpAt = now();
          }
        },
        { ...virtual, deadline: 100 },
      ),
      (error) => error instanceof TimeoutError && error.message === "the run's deadline of 100 ms has passed",
    );
    assert.equal(cleanedUpAt, 101);
  });

  it('passes on a cancellation of main that is not the deadline’s', async () => {
    await assert.rejects(
      run(
        function* () {
          const future = new Future();
          future.cancel('by hand');
          yield* future;
        },
        { ...virtual, deadline: 100 },
      ),
      (error) => error instanceof CancelledError && error.reason === 'by hand',
    );
  });

  it('knows the living tasks in the order of creation', async () => {
    await run(function* main() {
      const tasks = ['a', 'b'].map((name) => spawn(function* () {}, { name }));
      assert.deepEqual(
        allTasks().map((task) => task.name),
        ['main', 'a', 'b'],
      );
      for (const task of tasks) yield* task;
      assert.deepEqual(
        allTasks().map((task) => task.name),
        ['main'],
      );
    });
  });
});
