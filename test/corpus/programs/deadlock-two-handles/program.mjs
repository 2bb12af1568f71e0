// Copies between folders: each copy takes two handles of a pool of three.
import { Pool } from 'tarn';
import { setTimeout as sleep } from 'node:timers/promises';

let made = 0;
const handles = new Pool({
  create: async () => ({ id: ++made }),
  destroy: () => {},
  min: 0,
  max: 3,
  acquireTimeoutMillis: 60_000,
});

async function copy(name) {
  const from = await handles.acquire().promise;
  await sleep(5);
  const to = await handles.acquire().promise;
  await sleep(5);
  handles.release(from);
  handles.release(to);
  return name;
}

console.log(await Promise.all(['a', 'b', 'c'].map(copy)));
await handles.destroy();
