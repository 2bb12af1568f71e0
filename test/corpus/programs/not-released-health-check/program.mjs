// Requests that take a connection each; one of them keeps it.
import { Pool } from 'tarn';
import { setTimeout as sleep } from 'node:timers/promises';

const connections = new Pool({
  create: async () => ({ open: true }),
  destroy: () => {},
  min: 0,
  max: 1,
  acquireTimeoutMillis: 300,
});

async function answer(path) {
  const connection = await connections.acquire().promise;
  await sleep(10);
  if (path === '/health') return 'ok';
  connections.release(connection);
  return path;
}

for (const path of ['/a', '/health', '/b', '/c']) {
  try {
    console.log(await answer(path));
  } catch (error) {
    console.log(path, error.message);
  }
}
