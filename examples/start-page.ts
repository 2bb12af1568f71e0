/**
 * A start page asks for its orders one after another, though none needs what another gave. Open
 * this file in VS Code and choose "Simul: Trace Current File": the panel draws it and says what it
 * costs.
 */
import { setTimeout as sleep } from 'node:timers/promises';

interface Order {
  readonly id: number;
  readonly sum: number;
}

/** What a service would take, in ms. */
async function fetchOrder(id: number): Promise<Order> {
  await sleep(90);
  return { id, sum: id * 10 };
}

async function loadOrders(ids: readonly number[]): Promise<Order[]> {
  const orders: Order[] = [];
  for (const id of ids) {
    orders.push(await fetchOrder(id));
  }
  return orders;
}

async function loadUser(): Promise<string> {
  await sleep(120);
  return 'Ada';
}

async function loadNews(): Promise<number> {
  await sleep(60);
  const user = await loadUser();
  await sleep(80);
  return user.length;
}

const [orders, user, news] = await Promise.all([loadOrders([1, 2, 3, 4, 5, 6]), loadUser(), loadNews()]);
console.log(`${user} has ${orders.length} orders and ${news} news`);
