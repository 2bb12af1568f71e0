// Every change under one lock, in a loop: the lock is what makes them wait.
import { setTimeout as delay } from 'node:timers/promises';

class Lock {
  #waiting = [];
  #held = false;
  async with(work) {
    while (this.#held) await new Promise((resolve) => this.#waiting.push(resolve));
    this.#held = true;
    try {
      return await work();
    } finally {
      this.#held = false;
      this.#waiting.shift()?.();
    }
  }
}
const lock = new Lock();
let total = 0;
async function add(amounts) {
  for (const amount of amounts)
    total = await lock.with(async () => {
      const before = total;
      await delay(10);
      return before + amount;
    });
}
await Promise.all([add([1, 2, 3]), add([4, 5, 6])]);
console.log(total);
