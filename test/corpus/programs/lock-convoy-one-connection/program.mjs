// A pool of one connection for all who ask.
import { createPool } from 'generic-pool';
import { setTimeout as delay } from 'node:timers/promises';

const connections = createPool(
  { create: async () => ({ query: (n) => delay(9, n) }), destroy: async () => {} },
  { max: 1 },
);
async function query(n) {
  const connection = await connections.acquire();
  try {
    return await connection.query(n);
  } finally {
    await connections.release(connection);
  }
}
async function page(n) {
  const rows = [];
  for (let i = 0; i < 4; i++) rows.push(await query(n * 10 + i));
  return rows;
}
console.log((await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(page))).length);
await connections.drain();
await connections.clear();
