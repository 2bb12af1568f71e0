// Each order needs its customer and its rate; only the address needs the customer.
import { setTimeout as delay } from 'node:timers/promises';

const load = async (what, key, ms) => {
  await delay(ms);
  return { what, key, city: 'Graz' };
};

async function invoice(order) {
  const rating = load('rate', order.currency, 80);
  const customer = await load('customer', order.customer, 50);
  const address = await load('address', customer.key, 40);
  const rate = await rating;
  return `${customer.key} ${address.city} ${rate.key}`;
}

console.log(await invoice({ id: 1, customer: 'c9', currency: 'CHF' }));
