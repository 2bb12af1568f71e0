// A service on fastify that asks a database (pg) and another service (undici) for each request.
// DATABASE and UPSTREAM say where they are, PORT is its own. On SIGTERM it prints its CPU time in
// seconds since it listened.
import fastify from 'fastify';
import pg from 'pg';
import { Pool as HttpPool } from 'undici';

const database = new pg.Pool({ connectionString: process.env.DATABASE, max: 4 });
const prices = new HttpPool(process.env.UPSTREAM, { connections: 4 });

async function findOrder(id) {
  const { rows } = await database.query('select id, customer, items from orders where id = $1', [id]);
  return rows[0];
}

async function priceOf(item) {
  const { statusCode, body } = await prices.request({ path: `/price/${item}`, method: 'GET' });
  if (statusCode !== 200) throw new Error(`no price for ${item}`);
  return body.json();
}

async function total(order) {
  const found = await Promise.all(order.items.map((item) => priceOf(item)));
  return found.reduce((sum, { cents }) => sum + cents, 0);
}

async function inTransaction(work) {
  const client = await database.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const app = fastify();
app.addHook('preHandler', async (request) => {
  request.user = request.headers.user ?? 'nobody';
});
app.get('/orders/:id', async (request, reply) => {
  const order = await findOrder(Number(request.params.id));
  if (!order) return reply.code(404).send({ error: 'no such order' });
  return { ...order, cents: await total(order) };
});
app.post('/orders', async (request) => {
  const { customer, items } = request.body;
  return inTransaction(async (client) => {
    const { rows } = await client.query('insert into orders (customer, items) values ($1, $2) returning id', [
      customer,
      items,
    ]);
    await client.query('update counts set orders = orders + 1');
    return rows[0];
  });
});

let before;
async function stop() {
  const { user, system } = process.cpuUsage(before);
  console.log('STAT', JSON.stringify({ cpu: (user + system) / 1e6 }));
  await app.close();
  await Promise.all([database.end(), prices.close()]);
}
process.once('SIGTERM', () => void stop());
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
before = process.cpuUsage();
console.log('up');
