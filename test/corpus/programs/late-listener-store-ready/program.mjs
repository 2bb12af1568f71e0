// The main module waits for a store that another module opens.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, store } from './store.mjs';

async function main() {
  openStore();
  await delay(20);
  await once(store, 'ready');
  console.log('ready');
}
main();
