// Orders are booked one at a time.
import { setTimeout as delay } from 'node:timers/promises';

class Ledger {
  readonly name = 'ledger';
  private holder: string | null = null;
  private readonly waiting: (() => void)[] = [];

  async lock(who: string): Promise<void> {
    while (this.holder !== null) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.holder = who;
  }

  unlock(): void {
    this.holder = null;
    this.waiting.shift()?.();
  }
}

const ledger = new Ledger();

async function book(order: string, items: number[]): Promise<number> {
  await ledger.lock(order);
  await delay(3);
  const sum = items.reduce((a, b) => a + b);
  ledger.unlock();
  return sum;
}

async function bookAll(): Promise<void> {
  const orders: [string, number[]][] = [['a', [1, 2]], ['b', []], ['c', [3]], ['d', [4]]];
  const results = await Promise.allSettled(orders.map(([order, items]) => book(order, items)));
  console.log(results.length);
}
bookAll();
