/**
 * What one item through a queue costs: ten tasks put, ten take, at most 64 items lie between them.
 * The library with coroutines and with async functions, beside a hand-written queue of promises and
 * the popular ones. Queues of jobs (fastq, async, p-queue) run a function for each item, ten at a
 * time; ten fillers keep to the bound.
 *
 *   npm run typecheck && node build/bench/queue.js
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { queue as asyncQueue } from 'async';
import { Effect, Queue as EffectQueue } from 'effect';
import * as fastq from 'fastq';
import PQueue from 'p-queue';
import { gather, Queue, run } from '../runtime/index.ts';
import { type Measurement, printTable } from './report.ts';

const ITEMS = 100_000;
const TEN = 10;
const BOUND = 64;
const EACH = ITEMS / TEN;
/** Of each process, and how many processes of each contender, in turn. */
const WARM_UP = 2;
const ROUNDS = 3;
const PASSES = 3;

const ten = (start: () => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: TEN }, () => start()));

/** A hand-written queue: arrays, and the callbacks of the waiters. */
class ByHand {
  readonly #items: number[] = [];
  readonly #getters: (() => void)[] = [];
  readonly #putters: (() => void)[] = [];

  async put(item: number): Promise<void> {
    while (this.#items.length >= BOUND) await new Promise<void>((room) => void this.#putters.push(room));
    this.#items.push(item);
    this.#getters.shift()?.();
  }

  async get(): Promise<number> {
    while (this.#items.length === 0) await new Promise<void>((come) => void this.#getters.push(come));
    const item = this.#items.shift()!;
    this.#putters.shift()?.();
    return item;
  }
}

/** For queues of jobs: each of ten fillers goes on as soon as there is room. */
async function fill(size: () => number, push: (item: number) => PromiseLike<unknown>): Promise<void> {
  const pushed: PromiseLike<unknown>[] = [];
  await ten(async () => {
    for (let i = 0; i < EACH; i++) {
      const job = push(i);
      if (size() >= BOUND) await job;
      else pushed.push(job);
    }
  });
  await Promise.all(pushed);
}

let sum = 0;
const add = (item: number): void => {
  sum += item;
};
const take = async (item: number): Promise<void> => add(item);

const contenders: readonly { readonly name: string; readonly run: () => Promise<unknown> }[] = [
  {
    name: 'fastq',
    run: () => {
      const queue = fastq.promise(take, TEN);
      return fill(
        () => queue.length(),
        (item) => queue.push(item),
      );
    },
  },
  {
    name: 'Queue, coroutines',
    run: () =>
      run(function* () {
        const queue = new Queue<number>({ capacity: BOUND });
        function* put() {
          for (let i = 0; i < EACH; i++) yield* queue.put(i);
        }
        function* get() {
          for (let i = 0; i < EACH; i++) add(yield* queue.get());
        }
        yield* gather(Array.from({ length: 2 * TEN }, (_, i) => (i < TEN ? put : get)));
      }),
  },
  {
    name: 'Queue, async functions',
    run: () =>
      run(async () => {
        const queue = new Queue<number>({ capacity: BOUND });
        await gather([
          ...Array.from({ length: TEN }, () => async () => {
            for (let i = 0; i < EACH; i++) await queue.put(i);
          }),
          ...Array.from({ length: TEN }, () => async () => {
            for (let i = 0; i < EACH; i++) add(await queue.get());
          }),
        ]);
      }),
  },
  {
    name: 'by hand, promises',
    run: () => {
      const queue = new ByHand();
      return Promise.all([
        ten(async () => {
          for (let i = 0; i < EACH; i++) await queue.put(i);
        }),
        ten(async () => {
          for (let i = 0; i < EACH; i++) add(await queue.get());
        }),
      ]);
    },
  },
  {
    name: 'Effect Queue',
    run: () =>
      Effect.runPromise(
        Effect.gen(function* () {
          const queue = yield* EffectQueue.bounded<number>(BOUND);
          const put = Effect.gen(function* () {
            for (let i = 0; i < EACH; i++) yield* EffectQueue.offer(queue, i);
          });
          const get = Effect.gen(function* () {
            for (let i = 0; i < EACH; i++) add(yield* EffectQueue.take(queue));
          });
          const all = Array.from({ length: 2 * TEN }, (_, i) => (i < TEN ? put : get));
          yield* Effect.all(all, { concurrency: 'unbounded', discard: true });
        }),
      ),
  },
  {
    name: 'async',
    run: () => {
      const queue = asyncQueue<number>((item, done) => {
        add(item);
        queueMicrotask(done);
      }, TEN);
      return fill(
        () => queue.length(),
        (item) => queue.push<void>(item),
      );
    },
  },
  {
    name: 'p-queue',
    run: () => {
      const queue = new PQueue({ concurrency: TEN });
      return fill(
        () => queue.size,
        (item) => queue.add(() => take(item)),
      );
    },
  },
];

/** One contender in a process of its own: none finds the engine as another left it. */
async function figures(name: string): Promise<number[]> {
  const contender = contenders.find((each) => each.name === name)!;
  const values: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    sum = 0;
    const startMs = performance.now();
    await contender.run();
    const ns = ((performance.now() - startMs) * 1e6) / ITEMS;
    if (sum !== TEN * ((EACH * (EACH - 1)) / 2)) throw new Error(`${name} lost an item`);
    if (round >= WARM_UP) values.push(ns);
  }
  return values;
}

const [name] = process.argv.slice(2);
if (name !== undefined) console.log(JSON.stringify(await figures(name)));
else {
  const values = contenders.map(() => [] as number[]);
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [i, contender] of contenders.entries()) {
      const said = execFileSync(process.execPath, [fileURLToPath(import.meta.url), contender.name]);
      values[i]!.push(...(JSON.parse(String(said)) as number[]));
    }
  }
  const measured = contenders.map((each, i): Measurement => ({ name: each.name, values: values[i]! }));
  printTable('put + get, 10 × 10, bound 64', 'ns an item', measured);
}
