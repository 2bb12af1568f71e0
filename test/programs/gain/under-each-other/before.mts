// gain: together 24-26
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
  const who = await user();
  const list = await orders();
  const rate = await rates();
  return `${who.name} ${list.length * rate}`;
}

console.log(await page());
