// Async functions that return a wait of the library: they end in the very step in which it is over.
import { gather, Lock, run, sleep, spawn } from 'simul';

const lock = new Lock();
await run(async () => {
  const returned = spawn(async () => sleep(2, 'slept'));
  const held = [1, 2].map((n) => lock.with(async () => sleep(1, n)));
  const failed = spawn(async () => Promise.reject(new Error('refused')));
  console.log(await returned, await gather(held), (await Promise.allSettled([failed]))[0].reason.message);
});
