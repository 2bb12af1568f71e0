// A cart to which two pages add at once.
import { setTimeout as delay } from 'node:timers/promises';

interface Item {
  readonly name: string;
  readonly price: number;
}
const prices: Readonly<Record<string, number>> = { tea: 3, cup: 7 };
async function priceOf(name: string): Promise<number> {
  await delay(name === 'tea' ? 4 : 2);
  return prices[name] ?? 0;
}
class Cart {
  items: readonly Item[] = [];
  async add(name: string): Promise<void> {
    this.items = [...this.items, { name, price: await priceOf(name) }];
  }
}
const [mine, other] = [new Cart(), new Cart()];
await Promise.all([mine.add('tea'), mine.add('cup'), other.add('tea')]);
console.log(mine.items.length, other.items.length);
