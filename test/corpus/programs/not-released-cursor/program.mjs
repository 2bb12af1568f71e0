// The first row of each table; a table is read with a connection of its own.
import { Semaphore } from 'async-mutex';
import { setTimeout as sleep } from 'node:timers/promises';

const connections = new Semaphore(2);
const tables = { users: ['ann', 'ben'], orders: ['lamp', 'chair'], visits: ['monday', 'friday'] };

async function* rows(table) {
  const [, release] = await connections.acquire();
  try {
    for (const row of tables[table]) {
      await sleep(10);
      yield row;
    }
  } finally {
    release();
  }
}

async function first(table) {
  const cursor = rows(table);
  const { value } = await cursor.next();
  return value;
}

for (const table of Object.keys(tables)) console.log(table, await first(table));
