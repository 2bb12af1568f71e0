/**
 * Two producers and three consumers over a hand-written bounded queue, which consumers read with
 * `for await`.
 *
 * What to look for: the queue holds four items, so a producer waits in `put` until a consumer has
 * taken one. The consumers are slower: they set the pace. A consumer that finds the queue empty
 * waits until a producer has put an item. At the end the queue is closed; that is how the consumers
 * learn that no further item will come.
 */
import { setTimeout as sleep } from 'node:timers/promises';

class Queue<T> {
  readonly #items: T[] = [];
  readonly #bound: number;
  #closed = false;
  #wakeTakers: (() => void)[] = [];
  #wakeGivers: (() => void)[] = [];

  constructor(bound: number) {
    this.#bound = bound;
  }

  async put(item: T): Promise<void> {
    while (this.#items.length >= this.#bound) await new Promise<void>((go) => this.#wakeGivers.push(go));
    this.#items.push(item);
    this.#wakeTakers.shift()?.();
  }

  close(): void {
    this.#closed = true;
    for (const go of this.#wakeTakers.splice(0)) go();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.#items.length === 0 && !this.#closed)
        await new Promise<void>((go) => this.#wakeTakers.push(go));
      if (this.#items.length === 0) return;
      const item = this.#items.shift()!;
      this.#wakeGivers.shift()?.();
      yield item;
    }
  }
}

async function produce(queue: Queue<number>, from: number, to: number): Promise<void> {
  for (let item = from; item < to; item++) {
    await sleep(2);
    await queue.put(item);
  }
}

async function consume(queue: Queue<number>): Promise<number> {
  let sum = 0;
  for await (const item of queue) {
    await sleep(8);
    sum += item;
  }
  return sum;
}

async function main(): Promise<void> {
  const queue = new Queue<number>(4);
  const consumers = [consume(queue), consume(queue), consume(queue)];
  await Promise.all([produce(queue, 0, 15), produce(queue, 100, 115)]);
  queue.close();
  const sums = await Promise.all(consumers);
  console.log(`the consumers took items worth ${sums.reduce((a, b) => a + b, 0)} in all`);
}

await main();
