/**
 * What nobody takes goes back. Random consumers of two queues and a semaphore race, gather, merge
 * and time out over members that may be ready, and are cancelled at a random moment: in the end
 * each item was got once or is still there, and every permit is back.
 */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  CancelledError,
  type Future,
  gather,
  merge,
  type Permit,
  QueueClosed,
  Queue,
  race,
  run,
  Semaphore,
  sleep,
  spawn,
  timeout,
  TimeoutError,
} from '../../../runtime/index.ts';

type Act =
  | 'race'
  | 'race of functions'
  | 'race with time'
  | 'nested race'
  | 'gather'
  | 'timeout'
  | 'merge'
  | 'race for a permit';

interface Consumer {
  readonly acts: readonly Act[];
  readonly isCoroutine: boolean;
  readonly cancelAtMs: number;
}

const acts = fc.constantFrom<Act>(
  'race',
  'race of functions',
  'race with time',
  'nested race',
  'gather',
  'timeout',
  'merge',
  'race for a permit',
);
const consumer = fc.record({
  acts: fc.array(acts, { minLength: 1, maxLength: 4 }),
  isCoroutine: fc.boolean(),
  cancelAtMs: fc.integer({ min: 0, max: 12 }),
});

class Scene {
  readonly a = new Queue<string>({ capacity: 3 });
  readonly b = new Queue<string>();
  readonly permits = new Semaphore(2);
  readonly got: string[] = [];
  readonly put: string[] = [];

  *produce(queue: Queue<string>, name: string, delays: readonly number[]): Generator<Future, void, unknown> {
    for (const [index, ms] of delays.entries()) {
      yield* sleep(ms);
      const item = `${name}${index}`;
      const asked = queue.put(item);
      try {
        yield* asked;
        this.put.push(item);
      } catch (error) {
        if (!(error instanceof QueueClosed)) throw error;
      }
    }
  }

  /** What is waited for, and what is done with it. */
  step(act: Exclude<Act, 'merge'>): [Future, (value: never) => void] {
    const { a, b, got, permits } = this;
    const one = (item: string): void => void got.push(item);
    const maybe = (item: string | undefined): void => {
      if (item !== undefined) got.push(item);
    };
    const release = (won: Permit | string | undefined): void => {
      if (typeof won === 'object') won.release();
      else maybe(won);
    };
    switch (act) {
      case 'race':
        return [race([a.get(), b.get()]), one];
      case 'race of functions':
        return [race([() => a.get(), () => b.get()]), one];
      case 'race with time':
        return [race([sleep(1), a.get(), b.get()]), maybe];
      case 'nested race':
        return [
          race([gather([a.get(), b.get()]), race([timeout(2, b.get()), a.get()])]),
          (won: string | string[]) => void got.push(...[won].flat()),
        ];
      case 'gather':
        return [gather([a.get(), b.get()]), (both: string[]) => void got.push(...both)];
      case 'timeout':
        return [timeout(1, race([a.get(), b.get()])), one];
      case 'race for a permit':
        return [race([permits.acquire(), a.get(), permits.acquire(), sleep(2)]), release];
    }
  }

  async mergeSome(): Promise<void> {
    let left = 2;
    for await (const item of merge([this.a, this.b])) {
      this.got.push(item);
      if (--left === 0) break;
    }
  }
}

function isExpected(error: unknown): boolean {
  return error instanceof CancelledError || error instanceof TimeoutError || error instanceof QueueClosed;
}

async function consume(scene: Scene, own: readonly Act[]): Promise<void> {
  for (const act of own) {
    try {
      if (act === 'merge') await scene.mergeSome();
      else {
        const [future, use] = scene.step(act);
        use((await future) as never);
      }
    } catch (error) {
      if (error instanceof CancelledError || !isExpected(error)) throw error;
    }
  }
}

function* consumeStepwise(scene: Scene, own: readonly Act[]): Generator<unknown, void, unknown> {
  for (const act of own) {
    if (act === 'merge') continue;
    try {
      const [future, use] = scene.step(act);
      use((yield* future) as never);
    } catch (error) {
      if (error instanceof CancelledError || !isExpected(error)) throw error;
    }
  }
}

async function leftIn(queue: Queue<string>): Promise<string[]> {
  queue.close();
  const left: string[] = [];
  for await (const item of queue) left.push(item);
  return left;
}

describe('Whatever loses, or is cancelled,', () => {
  it('each item was got once or is still there, and every permit is back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(consumer, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }),
        fc.integer(),
        async (consumers: readonly Consumer[], delaysA, delaysB, seed) => {
          const scene = new Scene();
          await run(
            async () => {
              const producers = [
                spawn(() => scene.produce(scene.a, 'a', delaysA)),
                spawn(() => scene.produce(scene.b, 'b', delaysB)),
              ];
              const tasks = consumers.map(({ acts: own, isCoroutine }) =>
                isCoroutine
                  ? spawn(() => consumeStepwise(scene, own) as Generator<Future, void, unknown>)
                  : spawn(() => consume(scene, own)),
              );
              const killers = consumers.map(({ cancelAtMs }, at) =>
                spawn(function* () {
                  yield* sleep(cancelAtMs);
                  tasks[at]!.cancel();
                }),
              );
              await gather(killers);
              const ends = await gather(tasks, { returnErrors: true });
              for (const end of ends) if (end instanceof Error && !isExpected(end)) throw end;
              await sleep(100);
              // A producer that stands outside a full queue has put nothing.
              for (const producer of producers) producer.cancel();
              await gather(producers, { returnErrors: true });
              const left = [...(await leftIn(scene.a)), ...(await leftIn(scene.b))];
              assert.deepEqual([...scene.got, ...left].toSorted(), scene.put.toSorted());
              assert.equal(scene.permits.available, 2);
            },
            { clock: 'virtual', seed },
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
