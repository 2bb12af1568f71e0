// Two at a time may talk to the scanner.
import { Semaphore, withTimeout, E_TIMEOUT } from 'async-mutex';
import { setTimeout as sleep } from 'node:timers/promises';

const scanner = withTimeout(new Semaphore(2), 4000);
let refused = 0;

async function scan(page: number): Promise<void> {
  await sleep(page < 2 ? 20 : 5);
}

async function handle(page: number): Promise<void> {
  let release: (() => void) | undefined;
  try {
    [, release] = await scanner.acquire();
    await scan(page);
  } catch (error) {
    if (error !== E_TIMEOUT) throw error;
    refused++;
  } finally {
    release?.();
  }
}

await Promise.all([0, 1, 2, 3, 4].map((page) => handle(page)));
console.log('refused', refused);
