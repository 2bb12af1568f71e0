import { strict as assert } from 'node:assert';
import { EventEmitter, on } from 'node:events';
import { ReadableStream } from 'node:stream/web';
import { describe, it } from 'mocha';
import {
  CancelledError,
  collect,
  merge,
  run,
  sleep,
  spawn,
  timeout,
  TimeoutError,
  until,
} from '../../../runtime/index.ts';

const never = new Promise<string>(() => {});

describe('until', () => {
  it('gives what a promise gives, and fails as it fails', async () => {
    const error = new Error('bad');
    await run(async () => {
      assert.equal(await until(Promise.resolve('there')), 'there');
      await assert.rejects(until(Promise.reject(error)), error);
    });
    const asked = function* () {
      return yield* until(Promise.resolve('there'));
    };
    assert.equal(await run(asked), 'there');
  });

  it('can be cancelled where an await cannot', async () => {
    await run(async () => {
      await assert.rejects(
        timeout(1, async () => until(never)),
        TimeoutError,
      );
      const task = spawn(async () => {
        await until(never);
      });
      await sleep(0);
      task.cancel();
      await assert.rejects(task, CancelledError);
    });
  });

  it('says what it needs', () => {
    assert.throws(() => until(5 as never), /^TypeError: until\(\) needs a promise or an async iterable/);
    assert.throws(() => until(never, { sinal: 1 } as never), /^TypeError: until\(\) has no option "sinal"/);
    assert.throws(
      () => until(never, { signal: 'x' } as never),
      /^TypeError: the signal of until\(\) must be/,
    );
  });
});

/** A source that is asked for a value which does not come, and whether it was ended. */
interface Source {
  readonly values: AsyncIterable<unknown>;
  isEnded(): boolean;
}

const sources: Record<string, () => Source> = {
  'events.on': () => {
    const emitter = new EventEmitter();
    return { values: on(emitter, 'never'), isEnded: () => emitter.listenerCount('never') === 0 };
  },
  'a stream': () => {
    let isEnded = false;
    const stream = new ReadableStream({
      cancel() {
        isEnded = true;
      },
    });
    return { values: stream as AsyncIterable<unknown>, isEnded: () => isEnded };
  },
  'an async generator at a wait of the library': () => {
    let isEnded = false;
    async function* values(): AsyncGenerator<string> {
      try {
        await sleep(100_000);
        yield 'late';
      } finally {
        isEnded = true;
      }
    }
    return { values: values(), isEnded: () => isEnded };
  },
};

describe('A source whose next value does not come', () => {
  for (const [name, make] of Object.entries(sources)) {
    it(`is ended when the loop over until() is cancelled: ${name}`, async () => {
      const { values, isEnded } = make();
      const task = spawn(async () => {
        for await (const value of until(values)) assert.fail(String(value));
      });
      await sleep(1);
      assert.equal(isEnded(), false);
      task.cancel();
      await assert.rejects(task, CancelledError);
      await sleep(1);
      assert.equal(isEnded(), true);
    });

    it(`is ended when the signal of until() is aborted: ${name}`, async () => {
      const { values, isEnded } = make();
      const controller = new AbortController();
      const loop = (async () => {
        for await (const value of until(values, { signal: controller.signal })) assert.fail(String(value));
      })();
      await sleep(1);
      controller.abort('enough');
      await assert.rejects(loop, (error) => error instanceof CancelledError && error.reason === 'enough');
      await sleep(1);
      if (name !== 'an async generator at a wait of the library') assert.equal(isEnded(), true);
    });

    it(`is ended when a loop over merge() is left or cancelled: ${name}`, async () => {
      async function* ticks(): AsyncGenerator<string> {
        yield 'tick';
      }
      const left = make();
      await run(async () => {
        for await (const tick of merge([left.values, ticks()])) {
          assert.equal(tick, 'tick');
          break;
        }
      });
      assert.equal(left.isEnded(), true);
      const cancelled = make();
      const task = spawn(async () => collect(merge([cancelled.values])));
      await sleep(1);
      task.cancel();
      await assert.rejects(task, CancelledError);
      assert.equal(cancelled.isEnded(), true);
    });
  }

  it('is none when it has ended by itself', async () => {
    async function* three(): AsyncGenerator<number> {
      yield* [1, 2, 3];
    }
    const seen: number[] = [];
    for await (const value of until(three())) seen.push(value);
    assert.deepEqual(seen, [1, 2, 3]);
    const merged = await collect(merge([three(), ReadableStream.from([4])]));
    assert.deepEqual(
      merged.toSorted((a, b) => a - b),
      [1, 2, 3, 4],
    );
  });
});
