// Prices are told to each till by a channel.
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { setPrice } from './prices.mjs';

const till = new Worker(new URL('till.mjs', import.meta.url));
setPrice('tea', 4);
till.postMessage({ name: 'tea', count: 2 });
const [sum] = await once(till, 'message');
console.log('sum', sum >= 6);
