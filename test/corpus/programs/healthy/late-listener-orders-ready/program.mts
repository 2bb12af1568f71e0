// Orders of the day are read from a list, or fetched; a report needs them.
import EventEmitter2 from 'eventemitter2';
import { setTimeout as sleep } from 'node:timers/promises';

class Orders extends EventEmitter2.EventEmitter2 {
  readonly amounts: number[] = [];

  async fill(known?: readonly number[]): Promise<void> {
    this.amounts.push(...(known ?? (await this.#fetch())));
    this.emit('ready', this.amounts.length);
  }

  async #fetch(): Promise<readonly number[]> {
    await sleep(200);
    return [5, 7];
  }
}

async function report(orders: Orders): Promise<void> {
  await sleep(30);
  const [count] = await orders.waitFor('ready');
  console.log(count, 'orders', orders.amounts.join());
}

const orders = new Orders();
setInterval(() => {}, 10_000);
const reported = report(orders);
setTimeout(() => void orders.fill([20, 30]), 100);
await reported;
process.exit(0);
