import { strict as assert } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, it } from 'mocha';
import {
  collect,
  Condition,
  Future,
  gather,
  group,
  Lock,
  merge,
  Queue,
  race,
  retry,
  run,
  shield,
  sleep,
  spawn,
  timeout,
} from '../../../runtime/index.ts';

const user = new AsyncLocalStorage<string>();
const read = (): string => user.getStore() ?? 'nobody';

/** Each reads the storage in a place of the library's that goes on in a step of its own. */
const places: Record<string, () => PromiseLike<unknown>> = {
  'a task of an async function': () => spawn(async () => read()),
  'the same behind a wait': () =>
    spawn(async () => {
      await sleep(1);
      return read();
    }),
  'a task of a coroutine': () =>
    spawn(function* () {
      return read();
    }),
  'the same behind each wait': () =>
    spawn(function* () {
      yield* sleep(1);
      const first = read();
      yield;
      yield* spawn(async () => sleep(1));
      assert.equal(read(), first);
      return first;
    }),
  'a function that a coroutine called': () =>
    spawn(function* (): Generator<PromiseLike<string>, unknown, unknown> {
      return yield (async () => {
        await sleep(1);
        return read();
      })();
    }),
  gather: () => gather([async () => read()]).then(([name]) => name),
  race: () => race([async () => read(), async () => sleep(50)]),
  timeout: () => timeout(1000, async () => read()),
  group: () => group(async (members) => members.spawn(async () => read())),
  retry: () => retry(async () => read()),
  shield: () => shield(async () => read()),
  'with of a lock': () => new Lock().with(async () => read()),
  then: () => spawn(async () => sleep(1)).then(() => read()),
  'then for both ends': () =>
    spawn(async () => sleep(1)).then(
      () => read(),
      () => 'failed',
    ),
  catch: () =>
    spawn(async () => {
      throw new Error('bad');
    }).catch(() => read()),
  onDone: () => {
    const name = new Future<string>();
    spawn(async () => sleep(1)).onDone(() => name.resolve(read()));
    return name;
  },
  'a predicate of a condition': () => {
    const condition = new Condition();
    let name = '';
    const waits = condition.lock.with(() =>
      condition.waitFor(() => {
        name = read();
        return name !== '';
      }),
    );
    return waits.then(() => name);
  },
  'a source of merge': async () => {
    async function* source(): AsyncGenerator<string> {
      await sleep(1);
      yield read();
    }
    return (await collect(merge([source()])))[0];
  },
};

describe('AsyncLocalStorage', () => {
  for (const [title, place] of Object.entries(places)) {
    it(`follows into ${title}, outside a run and in one`, async () => {
      const ask = (name: string): PromiseLike<unknown> => user.run(name, place);
      assert.deepEqual(await Promise.all(['A', 'B', 'C'].map(ask)), ['A', 'B', 'C']);
      const inRun = await run(async () => gather(['A', 'B', 'C'].map((name) => async () => ask(name))));
      assert.deepEqual(inRun, ['A', 'B', 'C']);
    });
  }

  it('does not come from whoever woke the task', async () => {
    const queue = new Queue<number>();
    const bare = spawn(async () => {
      await queue.get();
      return read();
    });
    const coroutine = spawn(function* () {
      yield* queue.get();
      return read();
    });
    await sleep(1);
    await user.run('waker', async () => {
      queue.putNow(1);
      queue.putNow(2);
      await sleep(1);
    });
    assert.deepEqual([await bare, await coroutine], ['nobody', 'nobody']);
  });

  it('is left alone by a run with context: false', async () => {
    const name = await user.run('A', () => run(async () => spawn(async () => read()), { context: false }));
    assert.equal(name, 'nobody');
  });
});
