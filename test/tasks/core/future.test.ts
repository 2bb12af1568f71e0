import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { CancelledError, Future, InvalidStateError, run, sleep, spawn } from '../../../runtime/index.ts';
import { warningsOf } from '../warnings.ts';

describe('Future', () => {
  it('wakes its waiters in the order of asking, each once', async () => {
    const woken: string[] = [];
    await run(function* () {
      const future = new Future<string>();
      const waiters = ['a', 'b', 'c'].map((name) =>
        spawn(function* () {
          woken.push(`${name} ${yield* future}`);
        }),
      );
      yield;
      future.resolve('there');
      assert.deepEqual(woken, [], 'nobody goes on at once');
      for (const waiter of waiters) yield* waiter;
    });
    assert.deepEqual(woken, ['a there', 'b there', 'c there']);
  });

  it('gives its result or throws its error as the same object, to coroutines and async functions alike', async () => {
    const result = { answer: 42 };
    const error = new RangeError('no');
    await run(function* () {
      assert.equal(yield* Future.done(result), result);
      assert.throws(
        () => Future.failed(error).result,
        (thrown) => thrown === error,
      );
      let caught: unknown;
      try {
        yield* Future.failed(error);
      } catch (thrown) {
        caught = thrown;
      }
      assert.equal(caught, error);
    });
    await run(async () => {
      assert.equal(await Future.done(result), result);
      await assert.rejects(
        async () => await Future.failed(error),
        (thrown) => thrown === error,
      );
    });
  });

  it('is settled once; the second time says what it is already', () => {
    const future = new Future<number>();
    future.resolve(1);
    assert.throws(
      () => future.resolve(2),
      new InvalidStateError('the future is done already; it can be settled only once'),
    );
    assert.throws(() => future.reject(new Error('no')), InvalidStateError);
    assert.equal(future.cancel(), false);
    assert.equal(future.result, 1);
    assert.equal(future.error, null);
  });

  it('has no result and no error before it is settled', () => {
    const future = new Future();
    assert.equal(future.state, 'pending');
    assert.throws(() => future.result, InvalidStateError);
    assert.throws(() => future.error, InvalidStateError);
  });

  it('throws CancelledError with the reason into its waiters when it is cancelled', async () => {
    await run(function* () {
      const future = new Future();
      const waiter = spawn(function* () {
        yield* future;
      });
      yield;
      assert.equal(future.cancel('no longer needed'), true);
      try {
        yield* waiter;
        assert.fail('it was cancelled');
      } catch (error) {
        assert.ok(error instanceof CancelledError);
        assert.equal(error.reason, 'no longer needed');
        assert.equal(error.message, 'cancelled: no longer needed');
      }
      assert.equal(waiter.isCancelled, true);
      assert.equal(future.state, 'cancelled');
    });
  });

  it('removes a waiter that gives up, wherever it stands in the ring', async () => {
    for (const gone of [0, 1, 2]) {
      const woken: number[] = [];
      await run(function* () {
        const future = new Future();
        const shielded = new Future();
        // An onDone in between: callbacks and tasks wait in one ring.
        const waiters = [0, 1, 2].map((index) => {
          const waiter = { after: null, before: null, id: 0, step: () => void woken.push(index) };
          future.addWaiter(waiter);
          return waiter;
        });
        future.removeWaiter(waiters[gone]!);
        future.removeWaiter(waiters[gone]!);
        future.resolve(undefined);
        shielded.resolve(undefined);
        yield* sleep(0);
      });
      assert.deepEqual(
        woken,
        [0, 1, 2].filter((index) => index !== gone),
      );
    }
  });

  it('calls back in the order of asking and never at once, also when it is settled already', async () => {
    const calls: string[] = [];
    await run(function* () {
      const future = new Future<number>();
      future.onDone((done) => calls.push(`first ${done.result}`)).onDone(() => calls.push('second'));
      future.resolve(7);
      future.onDone(() => calls.push('third'));
      calls.push('settled');
      yield* sleep(0);
    });
    assert.deepEqual(calls, ['settled', 'first 7', 'second', 'third']);
  });

  it('warns of a callback that throws, and goes on', async () => {
    const warnings = await warningsOf(() =>
      run(function* () {
        Future.done(1).onDone(() => {
          throw new Error('my mistake');
        });
        yield* sleep(0);
      }),
    );
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!.text, /a callback of the future threw: Error: my mistake/);
  });

  it('refuses a callback that is no function, at the call', () => {
    assert.throws(() => new Future().onDone(3 as never), /onDone\(\) needs a function to call, not 3/);
  });

  it('is chained as a promise is: then, catch and finally', async () => {
    const order: string[] = [];
    const doubled = Future.done(21).then((n) => n * 2);
    assert.ok(doubled instanceof Future);
    assert.equal(await doubled, 42);
    assert.equal(await Future.failed(new Error('no')).catch(String), 'Error: no');
    assert.equal(await Future.done(1).finally(() => order.push('always')), 1);
    assert.equal(await Future.done(1).then(() => Promise.resolve('flat')), 'flat');
    await assert.rejects(async () => {
      await Future.done(1).then(() => {
        throw new TypeError('in between');
      });
    }, new TypeError('in between'));
    assert.deepEqual(order, ['always']);
  });

  it('can be waited for by many at once, coroutines and async functions mixed', async () => {
    const sum = await run(function* () {
      const future = new Future<number>();
      const tasks = Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? spawn(function* () {
              return yield* future;
            })
          : spawn(async () => await future),
      );
      yield;
      future.resolve(2);
      let total = 0;
      for (const task of tasks) total += yield* task;
      return total;
    });
    assert.equal(sum, 40);
  });
});
