import { parentPort } from 'node:worker_threads';
import { priceOf } from './prices.mjs';

parentPort.once('message', ({ name, count }) => parentPort.postMessage(priceOf(name) * count));
