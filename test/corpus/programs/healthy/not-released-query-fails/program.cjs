// Rows are loaded with a pool of one connection.
const { createPool } = require('generic-pool');
const { setTimeout: delay } = require('node:timers/promises');

const query = async (table) => {
  await delay(5);
  if (table === 'log') throw new Error('no such table: log');
  return [table];
};
const pool = createPool({ create: async () => ({ query }), destroy: async () => {} }, { max: 1 });

async function load(table) {
  const connection = await pool.acquire();
  try {
    return await connection.query(table);
  } finally {
    pool.release(connection);
  }
}

async function loadAll() {
  for (const table of ['users', 'log', 'orders']) {
    try {
      console.log(await load(table));
    } catch (error) {
      console.log(error.message);
    }
  }
}
loadAll();
