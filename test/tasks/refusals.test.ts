import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  asCompleted,
  Barrier,
  collect,
  Condition,
  Event,
  filter,
  gather,
  group,
  Lock,
  map,
  merge,
  PriorityQueue,
  Queue,
  race,
  run,
  runForever,
  select,
  Semaphore,
  sleep,
  spawn,
  timeout,
  wait,
} from '../../runtime/index.ts';
import { after } from './bodies.ts';

describe('a single task in place of a list', () => {
  it('is refused at the call, with how to write it, for iterated it would yield itself for ever', async () => {
    await run(async function main() {
      const tea = spawn(after(1, 'tea'), { name: 'tea' });
      const calls: Record<string, () => unknown> = {
        // @ts-expect-error a task is no list
        gather: () => gather(tea),
        // @ts-expect-error a task is no list
        race: () => race(tea),
        // @ts-expect-error a task is no list
        wait: () => wait(tea),
        // @ts-expect-error a task is no list
        asCompleted: () => asCompleted(tea),
      };
      for (const [who, call] of Object.entries(calls)) {
        const message = `${who}() needs a list of what to wait for, not task "tea"; write ${who}([a, b])`;
        assert.throws(call, new TypeError(message));
      }
      const message = 'merge() needs a list of what to iterate, not task "tea"; write merge([a, b])';
      // @ts-expect-error a task is no list
      assert.throws(() => merge(tea), new TypeError(message));
      assert.equal(await tea, 'tea');
    });
  });

  it('is refused where it is a coroutine', () => {
    const coroutine = after(1, 'tea')();
    const message = 'gather() needs a list of what to wait for, not a coroutine; write gather([a, b])';
    assert.throws(() => gather(coroutine), new TypeError(message));
    coroutine.return('tea');
  });

  it('is a task that has no values to iterate', async () => {
    await run(async function main() {
      const tea = spawn(() => sleep(1), { name: 'tea' });
      const calls: Record<string, () => unknown> = {
        // @ts-expect-error a task has no values
        map: () => map(tea, String),
        // @ts-expect-error a task has no values
        filter: () => filter(tea, Boolean),
        // @ts-expect-error a task has no values
        collect: () => collect(tea),
        // @ts-expect-error a task has no values
        merge: () => merge([tea]),
      };
      for (const [who, call] of Object.entries(calls))
        assert.throws(call, new TypeError(`${who}() needs something to iterate, not task "tea"`));
      await tea;
    });
  });
});

describe('options', () => {
  const work = (): void => {};
  const refused: readonly [call: () => unknown, message: string][] = [
    [() => spawn(work, { name: 5 as never }), 'the name of a task must be a string, not 5'],
    [() => spawn(work, { nmae: 'x' } as never), 'spawn() has no option "nmae"; there is "name", "signal"'],
    [() => spawn(work, 'tea' as never), 'spawn() takes an object of options ("name", "signal"), not "tea"'],
    [() => group(work, { name: 5 as never }), 'the name of a task must be a string, not 5'],
    [
      () => run(work, { clock: 'real' as never }),
      'the clock of run() must be "virtual" or "host", or be left out, not "real"',
    ],
    [() => run(work, { seed: NaN }), 'the seed of run() must be a number, not NaN'],
    [() => run(work, { seed: 'x' as never }), 'the seed of run() must be a number, not "x"'],
    [
      () => run(work, { interrupt: 'yes' as never }),
      'the interrupt of run() must be true or false, not "yes"',
    ],
    [
      () => run(work, { dedline: 3 } as never),
      'run() has no option "dedline"; there is "clock", "seed", "deadline", "context", "interrupt", "grace", "signal", "deadlock"',
    ],
    [
      () => runForever(work, 5 as never),
      'runForever() takes an object of options ("clock", "seed", "deadline", "context", "interrupt", "grace", "signal", "deadlock"), not 5',
    ],
    [
      () => gather([], spawn(work) as never),
      'gather() takes one list, and then options: write gather([a, b])',
    ],
    [() => new Queue(5 as never), 'a queue takes an object of options ("name", "capacity"), not 5'],
    [
      () => new Queue({ priority: Number } as never),
      'a queue has no option "priority"; there is "name", "capacity"',
    ],
    [
      () => new PriorityQueue(null as never),
      'a priority queue takes an object of options ("name", "capacity", "priority"), not null',
    ],
    [() => new Lock('till' as never), 'a lock takes an object of options ("name"), not "till"'],
    [() => new Semaphore(2, 'till' as never), 'a semaphore takes an object of options ("name"), not "till"'],
    [() => new Event(5 as never), 'an event takes an object of options ("name"), not 5'],
    [() => new Event({ name: 5 as never }), 'the name of an event must be a string, not 5'],
    [() => new Barrier(2, [] as never), 'a barrier takes an object of options ("name"), not a list'],
    [
      () => new Condition(new Lock() as never),
      'a condition takes an object of options ("name", "lock"), not an object (Lock)',
    ],
  ];
  for (const [call, message] of refused)
    it(`are refused at the call: ${message}`, () => {
      assert.throws(call, new TypeError(message));
    });

  it('may be undefined', async () => {
    assert.equal(await run(() => 1, { clock: undefined, seed: undefined } as never), 1);
    assert.equal(new PriorityQueue({ priority: Number, capacity: 2, name: 'x' }).capacity, 2);
  });
});

describe('what would not do what it looks like', () => {
  const work = (): number => 1;
  it('is several things in the place of a list', () => {
    const twice = [
      ['gather', () => gather(work as never, work as never)],
      ['gather', () => gather(spawn(work) as never, sleep(1) as never)],
      ['race', () => race(sleep(1) as never, Promise.resolve(1) as never)],
      ['wait', () => wait(sleep(1) as never, sleep(1) as never)],
      ['asCompleted', () => asCompleted(sleep(1) as never, sleep(1) as never)],
    ] as const;
    for (const [name, call] of twice)
      assert.throws(call, new TypeError(`${name}() takes one list, and then options: write ${name}([a, b])`));
    assert.throws(() => select(work as never, work as never), /write select\(\[a, b\]\)/);
    async function* values(): AsyncGenerator<number> {
      yield 1;
    }
    assert.throws(() => merge(values() as never), /write merge\(\[a, b\]\)/);
  });

  it('is a loop over a task, which has one result', async () => {
    const task = spawn(async () => [1, 2], { name: 'list' });
    await assert.rejects(async () => {
      for await (const item of task as unknown as AsyncIterable<number>) assert.fail(String(item));
    }, /^TypeError: task "list" gives one result and cannot be iterated: write `for \(const item of await …\)`/);
    let sum = 0;
    for (const item of await task) sum += item;
    assert.equal(sum, 3);
  });

  it('is a signal in the place of the result of sleep', async () => {
    await run(
      async () => {
        const stops = new AbortController();
        const stopped = sleep(1000, { signal: stops.signal });
        stops.abort('enough');
        await assert.rejects(async () => await stopped, /cancelled: enough/);
        assert.equal(await sleep(1, { signal: new AbortController().signal }), undefined);
        // Anything else is the result.
        for (const result of [{ signal: 5 }, { signal: stops.signal, more: 1 }, {}, null, [1]])
          assert.equal(await sleep(1, result as object), result);
      },
      { clock: 'virtual' },
    );
  });
});

describe('what can be no task', () => {
  it('is an async generator, which would never run', () => {
    async function* values() {
      yield await Promise.resolve(1);
    }
    assert.throws(
      () => spawn(values),
      /^TypeError: spawn\(\) needs .*, not an async generator, .*: collect\(\)/,
    );
    assert.throws(() => run(values), /^TypeError: run\(\) needs .*, not an async generator/);
    assert.throws(() => gather([values]), /cannot wait for an async generator at index 0/);
  });

  it('is named without its source, and text in quotes', () => {
    const said: readonly [call: () => unknown, message: RegExp][] = [
      [() => gather(undefined as never), /needs a list of what to wait for, not undefined$/],
      [() => gather(function named() {} as never), /not function named; write gather\(\[a, b\]\)$/],
      [() => timeout(5, undefined as never), /not for undefined$/],
      [() => filter([1], undefined as never), /needs a function, not undefined$/],
      [() => sleep('5' as never), /from 0 up, not "5"$/],
      [() => new Semaphore('3' as never), /from 1 up, not "3"$/],
      [() => new Queue({ capacity: '3' as never }), /not "3"$/],
    ];
    for (const [call, message] of said)
      assert.throws(call, (error) => message.test((error as Error).message));
  });

  it('is a run on a clock of its own beside another, whose message names the call', async () => {
    await run(function* main() {
      assert.throws(
        () => runForever(() => {}, { clock: 'virtual' }),
        /^Error: runForever\(\) with a clock or a seed was called while task "main" runs; await that run first$/,
      );
      yield;
    });
  });
});
