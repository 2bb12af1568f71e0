// Orders come in over a bus; each is booked.
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const bus = new EventEmitter();
const stock = { pear: 3, fig: 0 };

async function book(order) {
  await sleep(5);
  if (stock[order.item] < order.n) throw new Error(`too few of ${order.item}`);
  stock[order.item] -= order.n;
}

bus.on('order', async (order) => {
  await book(order);
  console.log('booked', order.item);
});

async function sell() {
  for (const item of ['pear', 'fig', 'pear']) {
    try {
      bus.emit('order', { item, n: 1 });
    } catch (error) {
      console.log('not booked', error.message);
    }
    await sleep(10);
  }
}
await sell();
