import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Future, run, spawn } from '../../../runtime/index.ts';

describe('a promise of somebody else’s', () => {
  it('is waited for by yielding it', async () => {
    const got = await run(function* () {
      return yield Promise.resolve('value');
    });
    assert.equal(got, 'value');
  });

  it('fails with its own error, the same object', async () => {
    const error = new Error('theirs');
    await assert.rejects(
      run(function* () {
        yield Promise.reject(error);
      }),
      (thrown) => thrown === error,
    );
  });

  it('is not cancelled with the task that waits for it', async () => {
    let settle = (_value: string): void => {};
    const theirs = new Promise<string>((done) => (settle = done));
    const later = await run(function* () {
      const task = spawn(function* () {
        yield theirs;
      });
      yield;
      task.cancel();
      yield;
      assert.equal(task.isCancelled, true);
      settle('still there');
      return yield theirs;
    });
    assert.equal(later, 'still there');
  });

  it('may be any thenable', async () => {
    const thenable = {
      then: (done: (value: number) => void) => done(7),
    };
    const got = await run(function* () {
      return yield thenable as PromiseLike<number>;
    });
    assert.equal(got, 7);
  });

  it('is no unhandled rejection when it fails after the wait was given up', async () => {
    await run(function* () {
      let fail = (_error: Error): void => {};
      const theirs = new Promise<never>((_done, failed) => (fail = failed));
      const task = spawn(function* () {
        yield theirs;
      });
      yield;
      task.cancel();
      yield;
      fail(new Error('nobody waits any more'));
      yield new Promise((done) => void setImmediate(done));
    });
  });

  it('can be awaited together with a future of the library', async () => {
    const ours = new Future<string>();
    const [a, b] = await run(async () => {
      ours.resolve('ours');
      return await Promise.all([ours, Promise.resolve('theirs')]);
    });
    assert.deepEqual([a, b], ['ours', 'theirs']);
  });
});
