import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { now, Queue, random, run, sleep, spawn, type Task } from '../../../runtime/index.ts';

/** The log of five workers on one queue; their order depends on which step is drawn. */
async function story(seed: number): Promise<string> {
  const lines: string[] = [];
  await run(
    function* () {
      const queue = new Queue<number>({ capacity: 2 });
      const draw = random(seed);
      const workers: Task<void>[] = Array.from({ length: 5 }, (_, worker) =>
        spawn(function* () {
          yield* queue.each(function* (item) {
            yield* sleep(Math.floor(draw() * 3));
            lines.push(`${now()} ${worker} ${item}`);
          });
        }),
      );
      const asynchronous = spawn(async () => {
        for (let n = 0; n < 5; n++) {
          await sleep(n % 2);
          await Promise.resolve();
          lines.push(`${now()} async ${n}`);
        }
      });
      for (let item = 0; item < 30; item++) yield* queue.put(item);
      queue.close();
      for (const worker of workers) yield* worker;
      yield* asynchronous;
    },
    { clock: 'virtual', seed },
  );
  return lines.join('\n');
}

describe('a run with a seed on the virtual clock', () => {
  it('goes the same way each time', async () => {
    const first = await story(7);
    assert.equal(first.split('\n').length, 35);
    for (let again = 0; again < 20; again++) assert.equal(await story(7), first);
  });

  it('goes the same way however slow the machine is', async () => {
    const seen = async (spinMs: number): Promise<number[]> => {
      const turns: number[] = [];
      await run(
        function* () {
          let turn = 0;
          const other = spawn(async () => {
            for (let n = 0; n < 5; n++) {
              await sleep(0);
              turns.push(turn);
            }
          });
          for (; turn < 3000; turn++) {
            if (turn % 50 === 0) for (const until = performance.now() + spinMs; performance.now() < until;);
            yield;
          }
          yield* other;
        },
        { clock: 'virtual' },
      );
      return turns;
    };
    const fast = await seen(0);
    assert.equal(fast.length, 5);
    assert.deepEqual(await seen(2), fast);
  });

  it('goes other ways with other seeds', async () => {
    const ways = new Set<string>();
    for (let seed = 0; seed < 10; seed++) ways.add(await story(seed));
    assert.ok(ways.size >= 9, `${ways.size} of 10`);
  });
});

describe('random', () => {
  it('gives the same numbers from 0 up to 1 for the same seed, as the published generator does', () => {
    const draw = random(1);
    assert.deepEqual(
      [draw(), draw(), draw()],
      [0.6270739405881613, 0.002735721180215478, 0.5274470399599522],
    );
    const many = Array.from({ length: 10_000 }, random(99));
    assert.ok(many.every((number) => number >= 0 && number < 1));
    const mean = many.reduce((sum, number) => sum + number, 0) / many.length;
    assert.ok(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
  });
});
