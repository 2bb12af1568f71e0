/** Timers, a frame three calls deep, a generator, an error that is caught, a race. */
import { setTimeout as sleep } from 'node:timers/promises';

async function inner(ms: number): Promise<number> {
  await sleep(ms);
  return ms;
}

async function middle(ms: number): Promise<number> {
  const first = await inner(ms);
  const second = await inner(ms + 1);
  return first + second;
}

async function* ticks(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) {
    await sleep(1);
    yield i;
  }
}

async function fails(): Promise<void> {
  await sleep(2);
  throw new Error('as planned');
}

async function main(): Promise<void> {
  let sum = await middle(2);
  for await (const tick of ticks(3)) sum += tick;
  try {
    await fails();
  } catch {
    sum++;
  }
  setTimeout(() => {
    sum++;
  }, 1);
  await Promise.race([inner(3), inner(30)]);
  console.log(sum > 0);
}

await main();
