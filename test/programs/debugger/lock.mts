/** Two tasks take two locks in opposite orders, and a third waits for one of them. */
import { Lock, run, sleep, spawn } from 'simul';

await run(async function main() {
  const first = new Lock({ name: 'first' });
  const second = new Lock({ name: 'second' });

  async function both(outer: Lock, inner: Lock): Promise<void> {
    await outer.acquire();
    await sleep(5);
    await inner.acquire();
    inner.release();
    outer.release();
  }

  const forwards = spawn(() => both(first, second), { name: 'forwards' });
  const backwards = spawn(() => both(second, first), { name: 'backwards' });
  await forwards;
  await backwards;
});
