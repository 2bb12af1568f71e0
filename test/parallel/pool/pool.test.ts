import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  cpuCount,
  Event,
  type Future,
  isMain,
  Lock,
  Pool,
  PoolClosedError,
  Queue,
  run,
  SharedCounter,
  SharedLock,
  sleep,
  WorkerError,
} from '../../../runtime/index.ts';
import * as functions from '../worker-functions.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const failure = async (future: Future): Promise<Error> => {
  try {
    await future;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
};

for (const kind of ['threads', 'processes'] as const) {
  describe(`a Pool of ${kind}`, () => {
    it('gives by each kind of call what the function gives here', async () => {
      await using pool = new Pool({ size: 2, kind });
      assert.equal(await pool.apply(functions.square, [7]), 49);
      assert.deepEqual(await pool.map(functions.square, upTo(10)), upTo(10).map(functions.square));
      assert.deepEqual(await pool.map(functions.square, new Set([3, 4])), [9, 16]);
      const lists = [[2, 3], [3, 2], [10]] as [number, number?][];
      assert.deepEqual(await pool.starmap(functions.power, lists), [8, 9, 100]);
      assert.deepEqual(await pool.map((text: string) => text.length, ['a', 'bcd', '']), [1, 3, 0]);
      const ordered: number[] = [];
      for await (const result of pool.imap(functions.square, upTo(30), { chunkSize: 4 }))
        ordered.push(result);
      assert.deepEqual(ordered, upTo(30).map(functions.square));
      const unordered: number[] = [];
      for await (const result of pool.imapUnordered(functions.square, upTo(30))) unordered.push(result);
      assert.deepEqual(
        unordered.sort((a, b) => a - b),
        upTo(30).map(functions.square),
      );
      assert.deepEqual(await pool.map(functions.slowly, [1, 2, 3]), [1, 2, 3]);
      assert.deepEqual(await pool.map(functions.square, []), []);
    });

    it('fails only the call that ends its worker, neither those done before it nor those not started', async () => {
      await using pool = new Pool({ size: 1, kind });
      await pool.apply(functions.exitAt, [9, 0]);
      const outcomes = await Promise.all(
        upTo(6).map(async (n) => {
          try {
            return await pool.apply(functions.exitAt, [2, n]);
          } catch (error) {
            return `exit code ${(error as WorkerError).exitCode}`;
          }
        }),
      );
      assert.deepEqual(outcomes, [0, 1, 'exit code 5', 3, 4, 5]);
    });

    it('fails a map with its first error as it was thrown, and takes further calls', async () => {
      await using pool = new Pool({ size: 2, kind });
      const error = await failure(pool.map(functions.refuseOdd, [2, 4, 5, 6], { chunkSize: 1 }));
      assert.equal(error.name, 'Refused');
      assert.equal(error.message, '5 is odd');
      assert.equal((error as { code?: string }).code, 'E_REFUSED');
      assert.equal(await pool.apply(functions.square, [3]), 9);
    });

    it('replaces a worker that ended, and fails only the call that it had started', async () => {
      await using pool = new Pool({ size: 1, kind, name: 'frail' });
      const calls = [1, 2].map((n) => pool.apply(functions.square, [n]));
      const lost = pool.apply(functions.exit, [5]);
      const after = [3, 4].map((n) => pool.apply(functions.square, [n]));
      const error = await failure(lost);
      assert.ok(error instanceof WorkerError);
      assert.equal(error.exitCode, 5);
      assert.match(error.message, /a worker of pool "frail" ended with exit code 5 while it had exit\(\)/);
      for (const [i, call] of [...calls, ...after].entries()) assert.equal(await call, (i + 1) ** 2);
    });

    it('names the uncaught error that a worker died of, and can be closed at once', async () => {
      await using pool = new Pool({ size: 1, kind });
      const error = await failure(pool.apply(functions.throwsLater));
      assert.ok(error instanceof WorkerError);
      assert.ok(error.cause instanceof RangeError);
      assert.match(error.message, /exit code 1 \(too late\)/);
      // Its new worker gets the initialization and the close message together.
      pool.close();
      await pool.join();
    });

    it('can be used in a worker of another pool', async () => {
      await using pool = new Pool({ size: 1, kind });
      assert.deepEqual(await pool.apply(functions.squaresByAPool, [[1, 2, 3]]), [1, 4, 9]);
    });

    it('replaces a worker after `maxTasksPerWorker` calls', async () => {
      await using pool = new Pool({ size: 1, kind, maxTasksPerWorker: 2 });
      const counts: number[] = [];
      for (let i = 0; i < 5; i++) counts.push(await pool.apply(functions.callsOfThisWorker));
      assert.deepEqual(counts, [1, 2, 1, 2, 1]);
    });

    it('initializes each worker, and is broken when the initializer fails', async () => {
      await using pool = new Pool({ size: 2, kind, initializer: functions.initialize, initArgs: ['hello'] });
      assert.equal(await pool.apply(functions.greet, ['Ada']), 'hello, Ada');
      const broken = new Pool({
        size: 2,
        kind,
        name: 'bad',
        initializer: functions.initialize,
        initArgs: [''],
      });
      const error = await failure(broken.apply(functions.greet, ['Bob']));
      assert.match(error.message, /the initializer of pool "bad" failed/);
      assert.ok(error.cause instanceof TypeError);
      assert.throws(() => broken.apply(functions.greet, ['Bob']), PoolClosedError);
      await broken.join();
    });

    it('ends its workers after the last call when closed, and at once when terminated', async () => {
      const closed = new Pool({ size: 2, kind, name: 'closing' });
      const last = closed.map(functions.square, upTo(20));
      assert.throws(() => closed.join(), /pool "closing" is open/);
      closed.close();
      assert.throws(
        () => closed.apply(functions.square, [1]),
        /pool "closing" is closed; pool.apply\(\) needs an open pool/,
      );
      await closed.join();
      assert.deepEqual(await last, upTo(20).map(functions.square));
      const ended = new Pool({ size: 2, kind });
      const unfinished = [
        ended.apply(functions.forever),
        ended.apply(functions.forever),
        ended.apply(functions.forever),
      ];
      ended.terminate();
      for (const call of unfinished) assert.ok((await failure(call)) instanceof PoolClosedError);
      await ended.join();
    });
  });
}

describe('a Pool', () => {
  it('replaces a worker process that a signal ended', async () => {
    await using pool = new Pool({ size: 1, kind: 'processes' });
    assert.match((await failure(pool.apply(functions.killsItsProcess))).message, /was ended by SIGKILL/);
    assert.equal(await pool.apply(functions.square, [3]), 9);
  });

  it('calls back in the order of completion, and warns of a callback that throws', async () => {
    await using pool = new Pool({ size: 1 });
    const received: unknown[] = [];
    const nextWarning = once(process, 'warning') as Promise<[Error]>;
    const first = pool.applyAsync(functions.square, [2], {
      callback: (result) => {
        received.push(result);
        throw new Error('clumsy');
      },
    });
    const second = pool.applyAsync(functions.refuse, ['milk'], {
      errorCallback: (error) => received.push(error),
    });
    const third = pool.mapAsync(functions.square, [1, 2], { callback: (results) => received.push(results) });
    const fourth = pool.starmapAsync(functions.power, [[2, 2]], {
      callback: (results) => received.push(results),
    });
    assert.equal(await first, 4);
    const error = await failure(second);
    await third;
    await fourth;
    assert.deepEqual(received, [4, error, [1, 4], [4]]);
    const [warning] = await nextWarning;
    assert.match(warning.message, /a callback of pool.applyAsync\(\) threw: Error: clumsy/);
  });

  it('retries a call when its worker ends in the middle of it', async () => {
    await using pool = new Pool({ size: 2 });
    const calls = new SharedCounter();
    const lists = [3, -1, 4].map((n) => [calls, n] as [SharedCounter, number]);
    assert.deepEqual(await pool.starmap(functions.exitOnce, lists, { chunkSize: 1, retries: 1 }), [3, -1, 4]);
    assert.equal(calls.value, 2);
  });

  it('never starts a call that was cancelled or aborted in the queue', async () => {
    await using pool = new Pool({ size: 1 });
    const words = new Int32Array(new SharedArrayBuffer(4));
    const counter = new SharedCounter();
    const blocked = pool.apply(functions.block, [words]);
    const controller = new AbortController();
    const counts = (name: string, shared: SharedCounter): string => {
      shared.add();
      return name;
    };
    const cancelled = pool.apply(counts, ['cancelled', counter]);
    const aborted = pool.starmap(counts, [['aborted', counter]], { signal: controller.signal });
    const kept = pool.apply(counts, ['kept', counter]);
    cancelled.cancel();
    controller.abort(new Error('enough'));
    assert.equal((await failure(aborted)).message, 'cancelled: enough');
    assert.equal(
      (await failure(pool.apply(counts, ['late', counter], { signal: controller.signal }))).message,
      'cancelled: enough',
    );
    Atomics.store(words, 0, 1);
    Atomics.notify(words, 0);
    assert.equal(await blocked, 1);
    assert.equal(await kept, 'kept');
    assert.equal(counter.value, 1);
  });

  it('reclaims the calls behind one that takes longer than expected', async () => {
    await using pool = new Pool({ size: 2 });
    const words = new Int32Array(new SharedArrayBuffer(4));
    await Promise.all(upTo(200).map((n) => pool.apply(functions.blockForZero, [words, n + 1])));
    const long = pool.apply(functions.blockForZero, [words, 0]);
    const behind = upTo(50).map((n) => pool.apply(functions.blockForZero, [words, n + 1]));
    assert.deepEqual(
      await Promise.all(behind),
      upTo(50).map((n) => n + 1),
    );
    Atomics.store(words, 0, 5);
    Atomics.notify(words, 0);
    assert.equal(await long, 5);
  });

  it('runs each call once, whichever are reclaimed', async () => {
    await using pool = new Pool({ size: 2 });
    const durationsMs = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 7), {
      minLength: 20,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(durationsMs, async (list) => {
        const counts = new Int32Array(new SharedArrayBuffer(4 * list.length));
        const results = list.map((ms, i) => pool.apply(functions.countAndSpin, [counts, i, ms]));
        assert.deepEqual(await Promise.all(results), upTo(list.length));
        assert.deepEqual(
          [...counts],
          Array.from(list, () => 1),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('reports its progress after each chunk', async () => {
    await using pool = new Pool({ size: 2 });
    const reported: string[] = [];
    await pool.map(functions.square, upTo(10), {
      chunkSize: 5,
      onProgress: (done, total) => reported.push(`${done}/${total}`),
    });
    assert.deepEqual(reported, ['5/10', '10/10']);
  });

  it('takes items of an endless source only so far ahead, and none after the loop is left', async () => {
    await using pool = new Pool({ size: 2 });
    let taken = 0;
    let isClosed = false;
    function* endless(): Generator<number> {
      try {
        for (;;) yield taken++;
      } finally {
        isClosed = true;
      }
    }
    const got: number[] = [];
    for await (const result of pool.imap(functions.square, endless(), { ahead: 5 })) {
      got.push(result);
      assert.ok(taken <= got.length + 5, `${taken} taken, ${got.length} given`);
      if (got.length === 20) break;
    }
    assert.deepEqual(got, upTo(20).map(functions.square));
    assert.equal(isClosed, true);
  });

  it('throws an error of imap where its result would have come, and goes on behind it', async () => {
    await using pool = new Pool({ size: 2 });
    const results = pool.imap(functions.refuseOdd, [2, 3, 4]);
    await run(function* () {
      assert.deepEqual(yield* results.next(), { done: false, value: 2 });
      let error: unknown;
      try {
        yield* results.next();
      } catch (thrown) {
        error = thrown;
      }
      assert.equal((error as Error).message, '3 is odd');
      assert.deepEqual(yield* results.next(), { done: false, value: 4 });
      assert.deepEqual(yield* results.next(), { done: true, value: undefined });
    });
  });

  it('names an item of imap that cannot be sent by its index among all items', async () => {
    await using pool = new Pool({ size: 1 });
    const results = pool.imap(functions.greet, ['a', (() => '') as never]);
    await results.next();
    assert.match((await failure(results.next())).message, /item 1 is a function/);
  });

  it('maps a typed array to a Float64Array', async () => {
    await using pool = new Pool({ size: 2 });
    const squares = await pool.map(functions.square, Float32Array.from(upTo(1000)));
    assert.ok(squares instanceof Float64Array);
    assert.deepEqual([...squares], upTo(1000).map(functions.square));
    const error = await failure(pool.map((n: number) => `${n}` as never, Float64Array.of(1)));
    assert.match(error.message, /needs a function that gives numbers/);
  });

  it('shares locks and counters with its threads, in every kind of call', async () => {
    await using pool = new Pool({ size: 2 });
    const counter = new SharedCounter();
    const lock = new SharedLock();
    const sum = new Int32Array(new SharedArrayBuffer(4));
    await pool.apply(functions.addUp, [counter, lock, sum, 100]);
    await pool.starmap(
      functions.addUp,
      [1, 2, 3].map(() => [counter, lock, sum, 100] as const),
      { chunkSize: 1 },
    );
    await pool.map((shared: SharedCounter) => shared.add(), [counter]);
    assert.equal(counter.value, 401);
    assert.equal(sum[0], 400);
  });

  it('refuses at the call a wrong argument or option, naming it', async () => {
    await using pool = new Pool({ size: 1, name: 'strict' });
    await using processes = new Pool({ size: 1, kind: 'processes' });
    const secret = Math.random();
    const shared = new Uint8Array(new SharedArrayBuffer(1));
    const cases: [() => unknown, RegExp][] = [
      [() => new Pool({ size: 0 }), /Pool needs a whole number from 1 up for size, not 0/],
      [() => new Pool({ size: -2 }), /not -2/],
      [() => new Pool({ size: 1.5 }), /not 1.5/],
      [() => new Pool({ kind: 'fibres' as never }), /'threads' or 'processes' for kind/],
      [() => new Pool({ size: 1, maxTasksPerWorker: 0 }), /maxTasksPerWorker/],
      [() => new Pool({ size: 1, initializer: 3 as never }), /Pool \(initializer\) needs a function/],
      [() => pool.apply('square' as never), /pool.apply\(\) needs a function, not "square"/],
      [() => pool.map(() => secret, [1]), /captures "secret"/],
      [() => pool.apply(functions.square, 3 as never), /an array for its arguments, not number/],
      [() => pool.apply(functions.greet, [(() => '') as never]), /pool.apply\(\): argument 1 is a function/],
      [
        () => pool.apply(functions.greet, [{ deep: [Symbol('s')] } as never]),
        /argument 1\.deep\[0\] is a symbol/,
      ],
      [() => pool.map(functions.greet, ['a', Promise.resolve() as never]), /item 1 is a Promise/],
      [() => pool.map(functions.square, 3 as never), /something to iterate over/],
      [() => pool.imap(functions.square, null as never), /something to iterate over/],
      [() => pool.starmap(functions.power, [3] as never), /lists of arguments; item 0 is number/],
      [() => pool.map(functions.square, [1], { chunkSize: 0 }), /chunkSize/],
      [() => pool.map(functions.square, [1], { retries: -1 }), /retries/],
      [() => pool.imap(functions.square, [1], { ahead: 0 }), /ahead/],
      [() => pool.map(functions.square, [1], { onProgress: 1 as never }), /onProgress/],
      [() => pool.applyAsync(functions.square, [1], { callback: 1 as never }), /callback/],
      [
        () => processes.apply(functions.greet, [new SharedCounter() as never]),
        /SharedCounter, which threads share/,
      ],
      [() => processes.apply(functions.greet, [shared.buffer as never]), /processes share no memory/],
      [
        () => processes.starmap(functions.greet, [[new SharedLock() as never]]),
        /pool.starmap\(\): item 0\[0\] is a SharedLock, which threads share/,
      ],
      [
        () => pool.apply(functions.greet, [{ c: new SharedCounter() } as never]),
        /argument 1\.c is a SharedCounter inside something else; give it as an argument of its own/,
      ],
      [
        () => pool.map(functions.greet, [[[new SharedLock()]] as never]),
        /item 0\[0\]\[0\] is a SharedLock inside/,
      ],
      [
        () => pool.apply(functions.greet, [new Lock() as never]),
        /argument 1 is a Lock of this thread, which cannot/,
      ],
      [
        () => pool.apply(functions.greet, [[new Queue()] as never]),
        /argument 1\[0\] is a Queue of this thread/,
      ],
      [() => pool.apply(functions.greet, [new Event() as never]), /argument 1 is an Event of this thread/],
      [
        () => processes.apply(functions.greet, [sleep(1) as never]),
        /is a Sleep of this thread, .* to a process/,
      ],
      [() => new Pool(1 as never), /Pool takes an object of options .*, not 1/],
      [() => new Pool({ sise: 1 } as never), /Pool has no option "sise"/],
      [() => new Pool({ size: '2' as never }), /for size, not "2"/],
      [() => new SharedLock('door' as never), /SharedLock takes an object of options .*, not "door"/],
      [() => new SharedCounter('3' as never), /SharedCounter needs a whole number, not "3"/],
      [() => new SharedCounter().add(0.5), /counter\.add\(\) needs a whole number, not 0\.5/],
      [
        () => (new SharedCounter().value = 'x' as never),
        /value of a SharedCounter needs a whole number, not "x"/,
      ],
      [() => pool.apply(functions.square, [1], { signal: 5 as never }), /an AbortSignal for signal, not 5/],
      [() => pool.map(functions.square, [1], { signal: 5 as never }), /an AbortSignal for signal, not 5/],
      [
        () => pool.apply(functions.square, [1], { retry: 1 } as never),
        /pool.apply\(\) has no option "retry"/,
      ],
      [
        () => pool.mapAsync(functions.square, [1], { calback: 1 } as never),
        /pool.mapAsync\(\) has no option/,
      ],
      [() => pool.imap(functions.square, [1], 4 as never), /pool.imap\(\) takes an object of options/],
      [() => pool.apply(functions.greet, [pool as never]), /argument 1 is a Pool of this thread/],
    ];
    for (const [call, message] of cases) assert.throws(call, message);
    const uncloned = await failure(pool.apply(functions.returnsAFunction as never));
    assert.match(uncloned.message, /cannot be sent back/);
    assert.equal(await pool.apply(functions.square, [2]), 4);
  });

  it('takes as many workers as the machine has processors, and knows where it runs', async () => {
    await using pool = new Pool();
    assert.equal(pool.size, cpuCount());
    assert.equal(isMain, true);
    assert.equal(await pool.apply(functions.isWorkerThread), true);
  });

  it('gives what Array.map gives, for any items, chunk size and number of workers', async () => {
    await using one = new Pool({ size: 1 });
    await using three = new Pool({ size: 3 });
    const items = fc.array(fc.oneof(fc.double(), fc.string(), fc.constant(null), fc.array(fc.integer())), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(
        items,
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        async (list, chunkSize, many) => {
          const results = await (many ? three : one).map((item: unknown) => [item], list, { chunkSize });
          assert.deepEqual(
            results,
            list.map((item) => [item]),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('settles every call, wherever workers end', async () => {
    await using pool = new Pool({ size: 2 });
    const calls = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0, 0, 0, 0, 1)), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(calls, async (list) => {
        const outcomes = await Promise.all(
          list.map(async ([n, exits]) => {
            try {
              return await (exits === 1
                ? pool.apply(functions.exit, [1])
                : pool.apply(functions.square, [n]));
            } catch (error) {
              assert.ok(error instanceof WorkerError);
              return 'lost';
            }
          }),
        );
        assert.deepEqual(
          outcomes,
          list.map(([n, exits]) => (exits === 1 ? 'lost' : n * n)),
        );
      }),
      { numRuns: 8 },
    );
  });
});
