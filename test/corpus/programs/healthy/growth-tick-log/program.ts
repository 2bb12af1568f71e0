// A log of prices, many a tick.
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

class PriceLog {
  readonly out = new PassThrough();
  #ticks = 0;
  #isFull = false;

  start(): NodeJS.Timeout {
    return setInterval(() => this.tick(), 2);
  }

  tick(): void {
    this.#ticks++;
    for (let i = 0; i < 50 && !this.#isFull; i++) {
      const isTaken = this.out.write(JSON.stringify({ tick: this.#ticks, fill: 'p'.repeat(2000) }));
      if (!isTaken) {
        this.#isFull = true;
        this.out.once('drain', () => (this.#isFull = false));
      }
    }
  }
}

const log = new PriceLog();
const timer = log.start();
await delay(150);
clearInterval(timer);
let bytes = 0;
log.out.on('data', (chunk: Buffer) => (bytes += chunk.length));
log.out.end(() => console.log(bytes > 0));
