// Prices orders in a few threads: the next order goes to the thread that owes the fewest.
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

interface Order {
  readonly id: number;
  readonly customer: string;
}

class Pricer {
  readonly #workers: { readonly worker: Worker; owed: number }[];
  readonly #answers = new Map<number, (price: number) => void>();

  constructor(size: number) {
    this.#workers = Array.from({ length: size }, (_, i) => this.#begin(`pricer-${i}`));
  }

  #begin(name: string): { readonly worker: Worker; owed: number } {
    const seat = { worker: new Worker(fileURLToPath(import.meta.url), { name }), owed: 0 };
    seat.worker.on('message', ({ id, price }: { id: number; price: number }) => {
      seat.owed--;
      this.#answers.get(id)?.(price);
      this.#answers.delete(id);
    });
    return seat;
  }

  price(order: Order): Promise<number> {
    const seat = this.#workers.reduce((least, each) => (each.owed < least.owed ? each : least));
    return new Promise((resolve) => {
      this.#answers.set(order.id, resolve);
      seat.owed++;
      seat.worker.postMessage(order);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }
}

async function priceAll(): Promise<void> {
  const customers = ['Ada', 'Bo', 'Mega', 'Giga', 'Tera', 'Nano', 'Pico', 'Exa', 'Io', 'Kilo'];
  const pricer = new Pricer(3);
  const orders = Array.from({ length: 30 }, (_, id) => ({ id, customer: customers[id % customers.length]! }));
  const prices = await Promise.all(orders.map((order) => pricer.price(order)));
  console.log('total', prices.reduce((a, b) => a + b));
  await pricer.close();
}

if (isMainThread) await priceAll();
else {
  parentPort!.on('message', ({ id }: Order) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 45);
    parentPort!.postMessage({ id, price: id * 3 });
  });
}
