// What needs no lock stands before it.
import AsyncLock from 'async-lock';
import { setTimeout as delay } from 'node:timers/promises';

const book = new AsyncLock();
const stock = new Map([['nail', 1000]]);
async function order(n) {
  for (let i = 0; i < 4; i++) {
    await delay(8);
    await book.acquire('stock', () => {
      stock.set('nail', stock.get('nail') - 1);
    });
  }
  return n;
}
await Promise.all(Array.from({ length: 9 }, (_, n) => order(n)));
console.log(stock.get('nail'));
