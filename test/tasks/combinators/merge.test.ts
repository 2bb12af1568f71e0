import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  allTasks,
  CancelledError,
  collect,
  merge,
  Queue,
  run,
  sleep,
  spawn,
} from '../../../runtime/index.ts';
import { errorOf, virtually } from '../bodies.ts';

async function* ticks(
  name: string,
  everyMs: number,
  last: number,
  notes: string[] = [],
): AsyncGenerator<string, void, undefined> {
  try {
    for (let n = 1; n <= last; n++) {
      await sleep(everyMs);
      notes.push(`made ${name}${n}`);
      yield `${name}${n}`;
    }
  } finally {
    await sleep(1);
    notes.push(`${name} has ended`);
  }
}

describe('merge', () => {
  it('gives values in the order of arrival, until all sources have ended', async () => {
    await virtually(function* () {
      const both = merge([ticks('a', 10, 3), ticks('b', 14, 2), ['at once']]);
      assert.deepEqual(yield* collect(both), ['at once', 'a1', 'b1', 'a2', 'b2', 'a3']);
      assert.deepEqual(yield* collect(merge([])), []);
    });
  });

  it('asks a source for no more than one value ahead', async () => {
    const notes: string[] = [];
    await run(
      async () => {
        for await (const value of merge([ticks('a', 1, 3, notes)])) {
          await sleep(100);
          notes.push(`took ${value}`);
        }
      },
      { clock: 'virtual' },
    );
    assert.deepEqual(notes, [
      'made a1',
      'made a2',
      'took a1',
      'made a3',
      'took a2',
      'a has ended',
      'took a3',
    ]);
  });

  it('ends all sources, the last first, when the loop is left', async () => {
    const notes: string[] = [];
    await run(
      async () => {
        for await (const _ of merge([ticks('a', 2, 9), ticks('b', 100, 9, notes), ticks('c', 100, 9, notes)]))
          break;
        notes.push('after the loop');
        assert.equal(allTasks().length, 1);
      },
      { clock: 'virtual' },
    );
    assert.deepEqual(notes, ['c has ended', 'b has ended', 'after the loop']);
  });

  it('ends the others when one fails, and fails with the very error', async () => {
    const notes: string[] = [];
    const failure = new Error('bad');
    async function* bad(): AsyncGenerator<string, void, undefined> {
      await sleep(3);
      throw failure;
    }
    await virtually(function* () {
      assert.equal(yield* errorOf(collect(merge([ticks('a', 2, 9, notes), bad()]))), failure);
      assert.deepEqual(notes, ['made a1', 'a has ended']);
      assert.equal(allTasks().length, 1);
    });
  });

  it('ends its sources before the task that waits for the next value is cancelled', async () => {
    const notes: string[] = [];
    await virtually(function* () {
      const task = spawn(async () => {
        try {
          for await (const _ of merge([ticks('a', 100, 9, notes), ticks('b', 100, 9, notes)]));
        } finally {
          notes.push('the loop has ended');
        }
      });
      yield* sleep(5);
      task.cancel();
      assert.ok((yield* errorOf(task)) instanceof CancelledError);
      assert.deepEqual(notes, ['b has ended', 'a has ended', 'the loop has ended']);
      assert.equal(allTasks().length, 1);
    });
  });

  it('merges queues, and takes no item from them that is then lost', async () => {
    await virtually(function* () {
      const [a, b] = [new Queue<string>(), new Queue<string>()];
      const both = collect(merge([a, b]));
      a.putNow('a1');
      b.putNow('b1');
      yield* sleep(1);
      a.putNow('a2');
      a.close();
      b.close();
      assert.deepEqual(yield* both, ['a1', 'b1', 'a2']);
    });
  });

  it('begins no source before the first step', async () => {
    await virtually(function* () {
      const notes: string[] = [];
      merge([ticks('a', 1, 1, notes)]);
      yield* sleep(10);
      assert.deepEqual(notes, []);
    });
  });

  it('refuses what cannot be iterated', () => {
    assert.throws(() => merge([3 as never]), new TypeError('merge() needs something to iterate, not number'));
    assert.throws(
      () => merge(null as never),
      new TypeError('merge() needs a list of what to iterate, not null'),
    );
  });

  it('loses and doubles no value, keeps the order of each source, and leaves nothing behind, wherever it is left', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(delays, { maxLength: 4 }),
        fc.integer(),
        fc.integer({ min: 0, max: 25 }),
        fc.constantFrom('to its end', 'left', 'cancelled'),
        async (sources, seed, at, how) => {
          let living = 0;
          async function* source(number: number): AsyncGenerator<string, void, undefined> {
            living++;
            try {
              for (const [n, ms] of sources[number]!.entries()) {
                await sleep(ms);
                yield `${number}.${n}`;
              }
            } finally {
              living--;
            }
          }
          const got: string[] = [];
          await run(
            function* main() {
              const task = spawn(async () => {
                for await (const value of merge(sources.map((_, number) => source(number)))) {
                  got.push(value);
                  if (how === 'left' && got.length > at) break;
                }
              });
              if (how === 'cancelled') {
                yield* sleep(at);
                if (task.cancel()) yield* errorOf(task);
              } else yield* task;
              assert.equal(living, 0);
              assert.equal(allTasks().length, 1);
            },
            { clock: 'virtual', seed },
          );
          assert.equal(new Set(got).size, got.length, 'none comes twice');
          for (const number of sources.keys()) {
            const own = got.filter((value) => value.startsWith(`${number}.`));
            const made = sources[number]!.map((_, n) => `${number}.${n}`);
            assert.deepEqual(own, how === 'to its end' ? made : made.slice(0, own.length));
          }
        },
      ),
      { numRuns: 200 },
    );
  }).timeout(20_000);
});
