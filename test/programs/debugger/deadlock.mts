/** A lock that the program wrote itself; two tasks take two of them in opposite orders. */
import { setTimeout as sleep } from 'node:timers/promises';

class Mutex {
  #isTaken = false;
  readonly #waiting: (() => void)[] = [];

  async acquire(): Promise<void> {
    if (this.#isTaken) {
      await new Promise<void>((go) => this.#waiting.push(go));
    }
    this.#isTaken = true;
  }

  release(): void {
    this.#isTaken = false;
    this.#waiting.shift()?.();
  }
}

const first = new Mutex();
const second = new Mutex();

async function forwards(): Promise<void> {
  await first.acquire();
  await sleep(5);
  await second.acquire();
  second.release();
  first.release();
}

async function backwards(): Promise<void> {
  await second.acquire();
  await sleep(5);
  await first.acquire();
  first.release();
  second.release();
}

await Promise.all([forwards(), backwards()]);
