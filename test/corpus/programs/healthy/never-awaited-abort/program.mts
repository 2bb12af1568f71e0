// When one fails the others are stopped.
import { setTimeout as delay } from 'node:timers/promises';

const stop = new AbortController();
async function part(name: string): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await delay(10, undefined, { signal: stop.signal });
    if (name === 'b' && i === 1) throw new Error('b is damaged');
  }
}
try {
  await Promise.all(['a', 'b', 'c'].map(part));
} catch (error) {
  stop.abort();
  console.log((error as Error).message);
}
