/** `imap` over sources that are async: how far they are read, and how they end. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  CancelledError,
  currentTask,
  Event,
  Pool,
  PoolClosedError,
  Queue,
  run,
  sleep,
  spawn,
} from '../../../runtime/index.ts';
import * as functions from '../worker-functions.ts';

/** Says how far it was read and how it ended. */
class Source {
  read = 0;
  ended = 0;

  async *items(count = Infinity): AsyncGenerator<number, void, undefined> {
    try {
      while (this.read < count) {
        await sleep(0);
        yield this.read++;
      }
    } finally {
      await sleep(1);
      this.ended++;
    }
  }
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

for (const kind of ['threads', 'processes'] as const)
  describe(`imap of a Pool of ${kind} over an async source`, () => {
    it('gives a result for each item, in order or as they come', async () => {
      await using pool = new Pool({ size: 2, kind });
      for (const chunkSize of [1, 3]) {
        const source = new Source();
        const results: number[] = [];
        for await (const result of pool.imap(functions.square, source.items(20), { chunkSize }))
          results.push(result);
        assert.deepEqual(results, upTo(20).map(functions.square));
        assert.equal(source.ended, 1);
      }
      const unordered: number[] = [];
      for await (const result of pool.imapUnordered(functions.square, new Source().items(20)))
        unordered.push(result);
      assert.deepEqual(
        unordered.sort((a, b) => a - b),
        upTo(20).map(functions.square),
      );
    });
  });

describe('imap over an async source', () => {
  it('reads it no further ahead than it was told, however slowly results are taken', async () => {
    await using pool = new Pool({ size: 2 });
    for (const [ahead, chunkSize] of [
      [1, 1],
      [4, 1],
      [2, 5],
    ] as const) {
      const source = new Source();
      let taken = 0;
      for await (const result of pool.imap(functions.square, source.items(), { ahead, chunkSize })) {
        assert.equal(result, taken ** 2);
        taken++;
        // Many turns: the source would have been read on.
        for (let turn = 0; turn < 20; turn++) await sleep(0);
        assert.ok(source.read <= taken + ahead * chunkSize, `${source.read} read, ${taken} taken`);
        if (taken === 30) break;
      }
      assert.equal(source.ended, 1, 'leaving the loop ends it, clean-up included');
    }
  });

  it('takes the items of a queue, and ends with it', async () => {
    await run(async () => {
      await using pool = new Pool({ size: 1 });
      const orders = new Queue<number>({ capacity: 2 });
      const cook = spawn(async () => {
        const served: number[] = [];
        for await (const dish of pool.imap(functions.square, orders)) served.push(dish);
        return served;
      });
      for (const order of upTo(9)) await orders.put(order);
      orders.close();
      assert.deepEqual(await cook, upTo(9).map(functions.square));
    });
  });

  it('loses no item of a queue that it was waiting for when the loop was left', async () => {
    await run(async () => {
      await using pool = new Pool({ size: 1 });
      const orders = new Queue<number>();
      orders.putNow(2);
      for await (const dish of pool.imap(functions.square, orders)) {
        assert.equal(dish, 4);
        break;
      }
      orders.putNow(3);
      assert.equal(orders.size, 1);
    });
  });

  it('throws an error of the source in its place, behind the results before it', async () => {
    await using pool = new Pool({ size: 2 });
    async function* breaks(): AsyncGenerator<number, void, undefined> {
      yield* [1, 2];
      await sleep(0);
      throw new RangeError('no more');
    }
    const results = pool.imap(functions.square, breaks());
    assert.deepEqual(await results.next(), { done: false, value: 1 });
    assert.deepEqual(await results.next(), { done: false, value: 4 });
    await assert.rejects(async () => await results.next(), new RangeError('no more'));
    assert.deepEqual(await results.next(), { done: true, value: undefined });
  });

  it('names an item that cannot be sent, and ends the source', async () => {
    await using pool = new Pool({ size: 1 });
    let hasEnded = false;
    async function* functionsAmongTexts(): AsyncGenerator<string, void, undefined> {
      try {
        yield 'a';
        yield (() => '') as never;
        yield 'b';
      } finally {
        hasEnded = true;
      }
    }
    const results = pool.imap(functions.greet, functionsAmongTexts());
    await results.next();
    await assert.rejects(async () => await results.next(), /item 1 is a function/);
    assert.deepEqual(await results.next(), { done: true, value: undefined });
    assert.equal(hasEnded, true);
  });

  it('ends when its pool is terminated while the source gives nothing', async () => {
    await run(async () => {
      const pool = new Pool({ size: 1 });
      const results = pool.imap(functions.square, new Queue<number>());
      const next = results.next();
      await sleep(0);
      pool.terminate();
      assert.deepEqual(await next, { done: true, value: undefined });
      assert.throws(() => pool.imap(functions.square, new Queue<number>()), PoolClosedError);
    });
  });
});

describe('imap with a signal', () => {
  it('fails the next result with a CancelledError, stops its calls and ends the source', async () => {
    await using pool = new Pool({ size: 1 });
    const stops = new AbortController();
    const source = new Source();
    const results = pool.imap(
      (n: number) => {
        if (n === 1) for (;;);
        return n;
      },
      source.items(),
      { signal: stops.signal },
    );
    assert.deepEqual(await results.next(), { done: false, value: 0 });
    const stuck = results.next();
    await sleep(5);
    const reason = new Error('enough');
    stops.abort(reason);
    await assert.rejects(
      async () => await stuck,
      (error) => error instanceof CancelledError && error.reason === reason,
    );
    assert.deepEqual(await results.next(), { done: true, value: undefined });
    // Its worker was ended: another call would wait for ever.
    assert.equal(await pool.apply(functions.square, [3]), 9);
    await results.return();
    assert.equal(source.ended, 1);
  });

  it('keeps the CancelledError for who asks later, and tells it once', async () => {
    await using pool = new Pool({ size: 1 });
    for (const items of [upTo(3), new Source().items(3)]) {
      const results = pool.imap(functions.square, items, { signal: AbortSignal.abort('before') });
      await assert.rejects(async () => await results.next(), /cancelled: before/);
      assert.deepEqual(await results.next(), { done: true, value: undefined });
    }
  });

  it('of its task ends with the task', async () => {
    await run(async () => {
      await using pool = new Pool({ size: 1 });
      const source = new Source();
      const begun = new Event();
      const reader = spawn(async () => {
        const { signal } = currentTask();
        for await (const result of pool.imap(functions.square, source.items(), { signal, ahead: 2 })) {
          if (result === 4) begun.set();
        }
      });
      await begun.wait();
      reader.cancel();
      await assert.rejects(async () => await reader, CancelledError);
      while (source.ended === 0) await sleep(1);
      assert.equal(source.ended, 1);
    });
  });

  it('leaves no listener on the signal when it is over', async () => {
    await using pool = new Pool({ size: 1 });
    const listeners = new Set<unknown>();
    const { signal } = new AbortController();
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      listeners.add(args[1]);
      add(...args);
    }) as typeof add;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
      listeners.delete(args[1]);
      remove(...args);
    }) as typeof remove;
    for (const items of [upTo(3), new Source().items(3)])
      for await (const result of pool.imap(functions.square, items, { signal })) assert.ok(result >= 0);
    for await (const result of pool.imap(functions.square, upTo(9), { signal })) if (result === 4) break;
    assert.equal(listeners.size, 0);
  });

  it('refuses what is no signal, and what has no items', async () => {
    await using pool = new Pool({ size: 1 });
    assert.throws(
      () => pool.imap(functions.square, [1], { signal: 5 as never }),
      /pool\.imap\(\) needs an AbortSignal for signal, not 5/,
    );
    assert.throws(() => pool.imap(functions.square, sleep(1) as never), /something to iterate over/);
  });
});
