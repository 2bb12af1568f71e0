import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  allTasks,
  CancelledError,
  group,
  run,
  sleep,
  spawn,
  type TaskGroup,
} from '../../../runtime/index.ts';
import { after, cleaning, errorOf, failing, virtually } from '../bodies.ts';

describe('group', () => {
  it('gives what its body gave, when all its tasks have ended', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const result = yield* group(function* (g) {
        g.spawn(function* () {
          yield* sleep(5);
          // The group takes new tasks while one of its tasks goes on.
          g.spawn(after(5, notes.push('spawned late')));
        });
        assert.equal(g.size, 1);
        return 'body';
      });
      assert.equal(result, 'body');
      assert.deepEqual(notes, ['spawned late']);
      assert.equal(allTasks().length, 1);
    });
  });

  it('works with an async body and await', async () => {
    const notes: string[] = [];
    const failure = new Error('bad');
    await run(
      async () => {
        const all = group(async (g) => {
          g.spawn(cleaning('child', notes));
          try {
            await sleep(5);
            g.spawn(failing(0, failure));
            await sleep(1000);
          } finally {
            notes.push('body');
          }
        });
        await assert.rejects(
          async () => await all,
          (error) => error === failure,
        );
      },
      { clock: 'virtual' },
    );
    assert.deepEqual(notes, ['child', 'body']);
  });

  it('ends its tasks one after another, the youngest first and the body last', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const task = spawn(() =>
        group(function* (g) {
          for (const [name, ms] of [
            ['a', 1],
            ['b', 20],
            ['c', 5],
          ] as const)
            g.spawn(cleaning(name, notes, ms));
          yield* cleaning('body', notes)();
        }),
      );
      yield* sleep(1);
      task.cancel('enough');
      const error = yield* errorOf(task);
      assert.deepEqual(notes, ['c', 'b', 'a', 'body']);
      assert.ok(error instanceof CancelledError && error.reason === 'enough');
    });
  });

  it('keeps what a younger task needs in its clean-up', async () => {
    await virtually(function* () {
      const heard: string[] = [];
      const failure = new Error('bad');
      const all = group(function* (g) {
        const server = g.spawn(function* () {
          for (;;) yield* sleep(1);
        });
        g.spawn(function* client() {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(5);
            heard.push(`the server is ${server.state}`);
          }
        });
        yield* sleep(1);
        throw failure;
      });
      assert.equal(yield* errorOf(all), failure);
      assert.deepEqual(heard, ['the server is waiting']);
    });
  });

  it('counts an error once, also when the body throws it again', async () => {
    await virtually(function* () {
      const failure = new Error('bad');
      const all = group(function* (g) {
        yield* g.spawn(failing(1, failure));
      });
      assert.equal(yield* errorOf(all), failure);
    });
  });

  it('fails with all errors when there are several, naming the group', async () => {
    await virtually(function* () {
      const all = group(
        function* (g) {
          g.spawn(failing(1, new Error('a')));
          g.spawn(failing(1, new TypeError('b')));
        },
        { name: 'crawl' },
      );
      const error = yield* errorOf(all);
      assert.ok(error instanceof AggregateError);
      assert.equal(error.message, '2 tasks of group "crawl" failed: a; b');
      assert.ok(error.errors[1] instanceof TypeError);
    });
  });

  it('is cancelled when its body is cancelled from inside', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      const all = group(function* (g) {
        const child = g.spawn(cleaning('child', notes));
        g.spawn(cleaning('other', notes));
        yield* sleep(1);
        child.cancel('alone');
        yield* child;
      });
      assert.ok((yield* errorOf(all)) instanceof CancelledError);
      assert.deepEqual(notes, ['child', 'other']);
    });
  });

  it('takes no more tasks when it is ending or over, and refuses what can be no task', async () => {
    await virtually(function* () {
      const heard: string[] = [];
      let kept: TaskGroup | undefined;
      const all = group(
        function* (g) {
          kept = g;
          assert.throws(() => g.spawn(3 as never), /spawn\(\) needs a function or a coroutine, not 3/);
          g.spawn(function* () {
            try {
              yield* sleep(1000);
            } finally {
              try {
                g.spawn(after(1, 1));
              } catch (error) {
                heard.push((error as Error).message);
              }
            }
          });
          yield* sleep(1);
          throw new Error('bad');
        },
        { name: 'crawl' },
      );
      yield* errorOf(all);
      assert.deepEqual(heard, ['group "crawl" is ending; spawn() needs one that goes on']);
      assert.throws(() => kept!.spawn(after(1, 1)), /group "crawl" is ending/);
      assert.throws(() => group(3 as never), new TypeError('group() needs a function, not number 3'));
    });
  });

  it('keeps nothing of tasks that have ended', async () => {
    await virtually(function* () {
      yield* group(function* (g) {
        for (let n = 0; n < 10; n++) {
          for (let m = 0; m < 10; m++) g.spawn(after(1, m));
          yield* sleep(2);
          assert.equal(g.size, 0);
        }
      });
    });
  });
});
