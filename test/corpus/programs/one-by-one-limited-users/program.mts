// Users are loaded within a limit of four at a time.
import pLimit from 'p-limit';
import { setTimeout as delay } from 'node:timers/promises';

const limit = pLimit(4);

async function load(id: number): Promise<{ id: number }> {
  await delay(30);
  return { id };
}

async function loadAll(ids: readonly number[]): Promise<{ id: number }[]> {
  const users: { id: number }[] = [];
  for (const id of ids) {
    const user = await limit(() => load(id));
    users.push(user);
  }
  return users;
}

console.log((await loadAll([1, 2, 3, 4, 5, 6, 7, 8])).length);
