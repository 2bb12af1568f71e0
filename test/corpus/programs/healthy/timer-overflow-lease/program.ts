// Waits until a lease is over, and asks for a new one; some leases are for ever.
import { setTimeout as sleep } from 'node:timers/promises';

interface Lease {
  readonly id: number;
  readonly ms: number;
}

let asked = 0;
async function lease(): Promise<Lease> {
  await sleep(1);
  asked++;
  return { id: asked, ms: asked === 1 ? 20 : 2 ** 32 };
}

async function keep(): Promise<void> {
  while (asked < 50) {
    const { ms } = await lease();
    if (ms > 2 ** 31 - 1) return;
    await sleep(ms);
  }
}

await keep();
console.log('asked', asked);
