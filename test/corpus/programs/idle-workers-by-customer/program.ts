// Prices orders in a few threads. The thread is chosen by the customer, and one buys nearly all.
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

interface Order {
  readonly id: number;
  readonly customer: string;
}

class Pricer {
  readonly #workers: Worker[];
  readonly #answers = new Map<number, (price: number) => void>();

  constructor(size: number) {
    this.#workers = Array.from({ length: size }, (_, i) => this.#begin(`pricer-${i}`));
  }

  #begin(name: string): Worker {
    const worker = new Worker(fileURLToPath(import.meta.url), { name });
    worker.on('message', ({ id, price }: { id: number; price: number }) => {
      this.#answers.get(id)?.(price);
      this.#answers.delete(id);
    });
    return worker;
  }

  price(order: Order): Promise<number> {
    const worker = this.#workers[order.customer.length % this.#workers.length]!;
    return new Promise((resolve) => {
      this.#answers.set(order.id, resolve);
      worker.postMessage(order);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
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
