import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { currentTask, Future, run, sleep, spawn } from '../../../runtime/index.ts';

const loopTurn = (): Promise<void> => new Promise((done) => void setImmediate(done));
const name = (): string => currentTask().name;

describe('currentTask', () => {
  it('is the coroutine that runs, also in what it calls', async () => {
    await run(function* main() {
      function* inner() {
        yield;
        return name();
      }
      assert.equal(name(), 'main');
      assert.equal(yield* inner(), 'main');
      assert.equal(yield* spawn(inner, { name: 'child' }), 'child');
      assert.equal(name(), 'main');
    });
  });

  it('is the async function’s, behind awaits of futures, of promises and of other async functions', async () => {
    const seen: string[] = [];
    async function helper(): Promise<void> {
      await loopTurn();
      seen.push(name());
    }
    async function body(): Promise<void> {
      seen.push(name());
      await sleep(1);
      seen.push(name());
      await loopTurn();
      seen.push(name());
      await helper();
      seen.push(name());
    }
    await run(async function main() {
      await Promise.all([spawn(body, { name: 'a' }), spawn(body, { name: 'b' })]);
    });
    for (const task of ['a', 'b']) assert.equal(seen.filter((each) => each === task).length, 5);
    assert.equal(seen.length, 10);
  });

  it('is never another task: not in callbacks, whichever task woke them', async () => {
    const seen: unknown[] = [];
    await run(async function main() {
      const future = new Future<void>();
      future.onDone(() => {
        seen.push(tryName());
        void (async () => {
          await loopTurn();
          seen.push(tryName());
        })();
      });
      await spawn(async function other() {
        await loopTurn();
        future.resolve();
      });
      await loopTurn();
      await loopTurn();
    });
    assert.deepEqual(seen, ['none', 'none']);
  });

  it('throws one sentence outside any task', async () => {
    const sentence =
      'currentTask() was called outside any task, or behind an await of something that is not of this library in a run with context: false';
    assert.throws(() => currentTask(), new Error(sentence));
    await run(() => 1);
    assert.throws(() => currentTask(), new Error(sentence));
  });

  it('is not known behind an await of a promise in a run with context: false', async () => {
    await run(
      async function main() {
        assert.equal(name(), 'main');
        await sleep(1);
        assert.equal(name(), 'main');
        await loopTurn();
        assert.equal(tryName(), 'none');
      },
      { context: false },
    );
  });
});

function tryName(): string {
  try {
    return name();
  } catch {
    return 'none';
  }
}
