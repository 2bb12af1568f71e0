// Transfers between accounts, each under a lock of its own.
import { setTimeout as delay } from 'node:timers/promises';

class Mutex {
  #queue: (() => void)[] = [];
  #locked = false;
  acquire(): Promise<void> {
    if (!this.#locked) {
      this.#locked = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#queue.push(resolve));
  }
  release(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#locked = false;
  }
}

class Account {
  readonly lock = new Mutex();
  balance = 100;
  constructor(readonly name: string) {}
}

async function transfer(from: Account, to: Account, amount: number): Promise<void> {
  const [first, second] = from.name < to.name ? [from, to] : [to, from];
  await first.lock.acquire();
  await delay(10);
  await second.lock.acquire();
  from.balance -= amount;
  to.balance += amount;
  second.lock.release();
  first.lock.release();
}

const anna = new Account('anna');
const bert = new Account('bert');
transfer(anna, bert, 10).then(() => console.log('to bert'));
transfer(bert, anna, 20).then(() => console.log('to anna'));
