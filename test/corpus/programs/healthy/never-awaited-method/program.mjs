// An order is stored, then the handler answers; the stock is to be changed before that.
import { setTimeout as delay } from 'node:timers/promises';

const stock = new Map([['nut', 5]]);
class Orders {
  async reserve(article, count) {
    await delay(30);
    stock.set(article, stock.get(article) - count);
  }
  async place(article, count) {
    await delay(10);
    await this.reserve(article, count);
    return { article, left: stock.get(article) };
  }
}
const orders = new Orders();
async function main() {
  const { left } = await orders.place('nut', 2);
  console.log('left', left);
}
main();
