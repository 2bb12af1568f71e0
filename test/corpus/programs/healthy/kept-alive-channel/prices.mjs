import { BroadcastChannel } from 'node:worker_threads';

const prices = new Map([['tea', 3]]);
const news = new BroadcastChannel('prices');
news.addEventListener('message', ({ data }) => prices.set(data.name, data.price));
news.unref();

export const priceOf = (name) => prices.get(name);

export function setPrice(name, price) {
  prices.set(name, price);
  news.postMessage({ name, price });
}
