// A queue says when it has drained; whoever asks gets a promise for that.
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

class Queue {
  #events = new EventEmitter();
  #left = 0;
  add(job) {
    this.#left++;
    job().finally(() => {
      if (--this.#left === 0) this.#events.emit('drained');
    });
  }
  drained() {
    return new Promise((resolve) => {
      this.#events.once('drained', resolve);
    });
  }
}

const queue = new Queue();
for (const ms of [5, 10]) queue.add(() => sleep(ms));
await sleep(50);
const keeper = setInterval(() => {}, 1000);
await queue.drained();
console.log('drained');
clearInterval(keeper);
