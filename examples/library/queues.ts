/**
 * Two producers, three consumers and a queue with room for four items, which is closed when all
 * items are produced.
 *
 * What to look for: the queue's depth against its capacity, which tasks wait in `put` and which in
 * `get`, and that closing the queue ends the consumers.
 */
import { gather, PriorityQueue, Queue, run, sleep, spawn } from 'simul';

await run(
  function* main() {
    const queue = new Queue<number>({ capacity: 4, name: 'orders' });
    let total = 0;

    function* produce(from: number) {
      for (let item = from; item < from + 10; item++) {
        yield* sleep(1);
        yield* queue.put(item);
      }
    }

    async function consume(): Promise<number> {
      let taken = 0;
      for await (const item of queue) {
        await sleep(4);
        total += item;
        taken++;
        queue.taskDone();
      }
      return taken;
    }

    const consumers = [1, 2, 3].map((n) => spawn(consume, { name: `consumer ${n}` }));
    yield* gather([() => produce(0), () => produce(100)]);
    yield* queue.join();
    queue.close();
    const taken = yield* gather(consumers);
    console.log(`${taken.reduce((sum, n) => sum + n)} items worth ${total}`);

    const urgent = new PriorityQueue<string>({ name: 'urgent' });
    urgent.putNow('later', 5);
    urgent.putNow('now', 1);
    urgent.putNow('soon', 2);
    console.log([urgent.getNow(), urgent.getNow(), urgent.getNow()].join(', '));
  },
  { clock: 'virtual' },
);
