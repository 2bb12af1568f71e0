/** Two producers and a slower consumer: the queue is full again and again. */
import { Queue, run, sleep, spawn } from 'simul';

await run(async function main() {
  const orders = new Queue<number>({ capacity: 2, name: 'orders' });

  async function produce(from: number): Promise<void> {
    for (let item = from; item < from + 4; item++) {
      await orders.put(item);
    }
  }

  async function consume(): Promise<number> {
    let sum = 0;
    for (let i = 0; i < 8; i++) {
      const item = await orders.get();
      await sleep(3);
      sum += item;
    }
    return sum;
  }

  const consumer = spawn(consume, { name: 'consumer' });
  const producers = [1, 2].map((n) => spawn(() => produce(n * 100), { name: `producer ${n}` }));
  for (const producer of producers) await producer;
  console.log(await consumer);
});
