import { setTimeout as sleep } from 'node:timers/promises';

interface User {
  readonly name: string;
}

async function user(): Promise<User> {
  await sleep(60);
  return { name: 'a' };
}

async function orders(): Promise<number[]> {
  await sleep(90);
  return [1, 2];
}

async function rates(): Promise<number> {
  await sleep(40);
  return 1.1;
}

async function page(): Promise<string> {
  const [who, list, rate] = await Promise.all([user(), orders(), rates()]);
  return `${who.name} ${list.length * rate}`;
}

console.log(await page());
