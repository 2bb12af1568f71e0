// Uploads, two at a time, by a semaphore of our own.
import { setTimeout as delay } from 'node:timers/promises';

class Semaphore {
  #free;
  #waiting = [];
  constructor(free) {
    this.#free = free;
  }
  down() {
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
  up() {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

const slots = new Semaphore(2);

async function upload(name) {
  await slots.down();
  try {
    await delay(5);
    if (name.endsWith('.tmp')) throw new Error(`${name} vanished`);
    return name;
  } finally {
    slots.up();
  }
}

const files = ['a.txt', 'b.tmp', 'c.txt', 'd.tmp', 'e.txt', 'f.txt'];
const results = await Promise.allSettled(files.map(upload));
console.log(results.length);
