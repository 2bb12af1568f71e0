// Stock is reserved under a lock.
import { Mutex } from 'async-mutex';
import { setTimeout as delay } from 'node:timers/promises';

class Stock {
  readonly #mutex = new Mutex();
  #left = 3;

  async reserve(count: number): Promise<boolean> {
    const release = await this.#mutex.acquire();
    await delay(5);
    if (count > this.#left) return false;
    this.#left -= count;
    release();
    return true;
  }
}

const stock = new Stock();
for (const count of [2, 5, 1]) stock.reserve(count).then((got) => console.log(count, got));
