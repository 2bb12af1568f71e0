// Requests with a pool of two connections.
const { createPool } = require('generic-pool');
const { setTimeout: delay } = require('node:timers/promises');

let made = 0;
const pool = createPool(
  { create: async () => ({ number: ++made, query: (text) => delay(5, text) }), destroy: async () => {} },
  { max: 2 },
);

async function findUser(id) {
  const connection = await pool.acquire();
  try {
    return await connection.query(`user ${id}`);
  } finally {
    await pool.release(connection);
  }
}

async function handle(request) {
  const connection = await pool.acquire();
  try {
    await connection.query('begin');
    const user = await findUser(request);
    await connection.query(`insert ${user}`);
  } finally {
    await pool.release(connection);
  }
}

for (let request = 0; request < 3; request++) handle(request).then(() => console.log(request));
