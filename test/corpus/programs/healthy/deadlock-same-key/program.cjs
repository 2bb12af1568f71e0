// Notes in a store, one writer a key.
const AsyncLock = require('async-lock');
const { setTimeout: delay } = require('node:timers/promises');

const lock = new AsyncLock();
const store = new Map();

async function append(key, text) {
  await delay(5);
  store.set(key, (store.get(key) ?? '') + text);
}

async function save(key, texts) {
  await lock.acquire(key, async () => {
    store.set(key, '');
    for (const text of texts) await append(key, text);
  });
}

save('today', ['milk', 'bread']).then(() => console.log(store.get('today')));
