import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  CancelledError,
  type Future,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueClosed,
  random,
  run,
  sleep,
  spawn,
  type Task,
} from '../../runtime/index.ts';

type Move = { do: 'put' } | { do: 'get' } | { do: 'cancel'; which: number } | { do: 'close' };

const moves = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<Move>({ do: 'put' }) },
    { weight: 5, arbitrary: fc.constant<Move>({ do: 'get' }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.constant<Move>({ do: 'close' }) },
  ),
  { maxLength: 40 },
);
const capacity = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
const bounded = (limit: number | undefined) => (limit === undefined ? {} : { capacity: limit });

/** A queue as simple as possible: it goes through all operations, in the order of asking. */
class Model {
  readonly items: number[] = [];
  readonly states = new Map<Future<unknown>, string>();
  readonly #waiting: { op: Future<unknown>; item: number | null }[] = [];
  readonly #capacity: number;
  readonly #takeAt: (items: readonly number[]) => number;
  isClosed = false;

  constructor(most: number, takeAt: (items: readonly number[]) => number) {
    this.#capacity = most;
    this.#takeAt = takeAt;
  }

  add(op: Future<unknown>, item: number | null): void {
    this.states.set(op, 'pending');
    this.#waiting.push({ op, item });
    this.settle();
  }

  cancel(op: Future<unknown>): void {
    if (this.states.get(op) !== 'pending') return;
    this.states.set(op, 'cancelled');
    this.#leave(op);
  }

  settle(): void {
    for (let goesOn = true; goesOn;) {
      goesOn = false;
      for (const { op, item } of this.#waiting) {
        if (item !== null && this.isClosed) this.states.set(op, 'failed');
        else if (item !== null && this.items.length < this.#capacity) {
          this.items.push(item);
          this.states.set(op, 'done');
        } else if (item === null && this.items.length > 0) {
          const [taken] = this.items.splice(this.#takeAt(this.items), 1);
          this.states.set(op, `done ${taken}`);
        } else if (item === null && this.isClosed) this.states.set(op, 'failed');
        else continue;
        this.#leave(op);
        goesOn = true;
        break;
      }
    }
  }

  #leave(op: Future<unknown>): void {
    this.#waiting.splice(
      this.#waiting.findIndex((waiting) => waiting.op === op),
      1,
    );
  }
}

const stateOf = (op: Future<unknown>, isGet: boolean): string =>
  isGet && op.state === 'done' ? `done ${String(op.result)}` : op.state;

function followsItsModel(
  queue: Queue<number>,
  takeAt: (items: readonly number[]) => number,
  todo: readonly Move[],
): void {
  const model = new Model(queue.capacity, takeAt);
  const ops: { op: Future<unknown>; isGet: boolean }[] = [];
  // Each item has its own priority, not in the order of putting.
  let item = 0;
  for (const move of todo) {
    switch (move.do) {
      case 'put':
        item = (item * 7 + 3) % 101;
        if (queue.isClosed) assert.throws(() => void queue.put(item), QueueClosed);
        else {
          const put = queue.put(item);
          // All puts that found room are one future.
          if (put.state === 'pending') ops.push({ op: put, isGet: false });
          model.add(put.state === 'pending' ? put : ({} as Future<unknown>), item);
        }
        break;
      case 'get': {
        const op = queue.get();
        ops.push({ op, isGet: true });
        model.add(op, null);
        break;
      }
      case 'cancel':
        if (ops.length === 0) break;
        ops[move.which % ops.length]!.op.cancel();
        model.cancel(ops[move.which % ops.length]!.op);
        break;
      case 'close':
        queue.close();
        model.isClosed = true;
        model.settle();
        break;
    }
    assert.deepEqual(
      ops.map(({ op, isGet }) => stateOf(op, isGet)),
      ops.map(({ op }) => model.states.get(op)),
    );
    assert.equal(queue.size, model.items.length);
  }
}

describe('Whatever happens to it,', () => {
  it('a queue serves its waiters in the order of asking, its items in the order of putting', () => {
    fc.assert(
      fc.property(capacity, moves, (most, todo) => {
        followsItsModel(new Queue(bounded(most)), () => 0, todo);
      }),
      { numRuns: 500 },
    );
  });

  it('a LIFO queue gives the latest item first, a priority queue the least', () => {
    fc.assert(
      fc.property(capacity, moves, (most, todo) => {
        followsItsModel(new LifoQueue(bounded(most)), (items) => items.length - 1, todo);
        followsItsModel(new PriorityQueue(bounded(most)), (items) => items.indexOf(Math.min(...items)), todo);
      }),
      { numRuns: 300 },
    );
  });

  it('no item is lost or doubled, and no task waits while there is an item or room for it', async () => {
    const actor = fc.record({
      does: fc.constantFrom('put' as const, 'get' as const, 'loop' as const),
      isAsync: fc.boolean(),
      count: fc.integer({ min: 1, max: 4 }),
      atMs: fc.integer({ min: 0, max: 6 }),
      /** Null: never. */
      cancelledAtMs: fc.option(fc.integer({ min: 0, max: 12 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(actor, { minLength: 1, maxLength: 10 }),
        capacity,
        fc.integer(),
        fc.option(fc.integer({ min: 4, max: 10 })),
        async (actors, most, seed, closeAtMs) => {
          await run(
            function* () {
              const queue = new Queue<number>(bounded(most));
              /** Put while it was open. One that was cancelled while it waited may be in or not. */
              const offered = new Set<number>();
              const entered = new Set<number>();
              const got: number[] = [];
              let item = 0;
              const tasks = actors.map((actor, i) => begin(actor, i));

              function begin(actor: (typeof actors)[number], i: number): Task<void> {
                const next = (): number => {
                  offered.add(++item);
                  return item;
                };
                const name = `${actor.does} ${i}`;
                if (actor.isAsync) {
                  return spawn(
                    async () => {
                      await sleep(actor.atMs);
                      if (actor.does === 'loop') for await (const item of queue) got.push(item);
                      else
                        for (let n = 0; n < actor.count; n++) {
                          if (actor.does === 'get') got.push(await queue.get());
                          else {
                            const mine = next();
                            await queue.put(mine);
                            entered.add(mine);
                          }
                        }
                    },
                    { name },
                  );
                }
                return spawn(
                  function* () {
                    yield* sleep(actor.atMs);
                    if (actor.does === 'loop') yield* queue.each((item) => void got.push(item));
                    else
                      for (let n = 0; n < actor.count; n++) {
                        if (actor.does === 'get') got.push(yield* queue.get());
                        else {
                          const mine = next();
                          yield* queue.put(mine);
                          entered.add(mine);
                        }
                      }
                  },
                  { name },
                );
              }

              const draw = random(seed);
              for (let ms = 0; ms < 14; ms++) {
                yield* sleep(1);
                if (ms === closeAtMs) queue.close();
                // Cancelled now, or some steps later: between the handover and the taking.
                actors.forEach((actor, i) => {
                  if (actor.cancelledAtMs !== ms) return;
                  if (draw() < 0.5 && !queue.isClosed && !queue.isFull) {
                    offered.add(++item);
                    entered.add(item);
                    queue.putNow(item);
                  }
                  tasks[i]!.cancel();
                });
              }
              yield* sleep(100);
              const waiting = tasks.filter((task) => !task.isDone).map((task) => task.name);
              if (waiting.some((name) => !name.startsWith('put')))
                assert.equal(queue.size, 0, 'a getter waits');
              if (waiting.some((name) => name.startsWith('put')))
                assert.equal(queue.isFull, true, 'a putter waits');
              if (queue.isClosed) assert.deepEqual(waiting, [], 'it is closed');
              for (const task of tasks) {
                task.cancel();
                try {
                  yield* task;
                } catch (error) {
                  if (!(error instanceof CancelledError || error instanceof QueueClosed)) throw error;
                }
              }
              while (!queue.isEmpty) got.push(queue.getNow());
              assert.equal(new Set(got).size, got.length, 'none is doubled');
              for (const item of got) assert.ok(offered.has(item));
              for (const item of entered) assert.ok(got.includes(item), `item ${item} is lost`);
            },
            { clock: 'virtual', seed },
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
