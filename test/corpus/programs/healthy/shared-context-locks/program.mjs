// Locks, limits, messages and a cache between requests that have contexts of their own.
import { AsyncLocalStorage } from 'node:async_hooks';
 import { setTimeout as sleep } from 'node:timers/promises'; import { Mutex } from 'async-mutex'; const pLimit = () => { let last = Promise.resolve(); return (f) => (last = last.then(f, f)); }; import { once, EventEmitter } from 'node:events';
const context = new AsyncLocalStorage();
const user = () => context.getStore()?.user;
const mutex = new Mutex(); const limit = pLimit(1); let tail = Promise.resolve(); const room = new EventEmitter();
async function step(n) { await sleep(n); return user(); }
const handle = (u) => context.run({ user: u }, async () => {
  const release = await mutex.acquire(); try { await step(2); user(); } finally { release(); }
  await mutex.runExclusive(async () => { user(); await step(2); });
  await limit(async () => { user(); return step(2); });
  const before = tail; let done; tail = new Promise((r) => (done = r)); await before; user(); await step(1); done();
  return user(); });
console.log(await Promise.all(['a', 'b', 'c', 'd'].map(handle)));
const say = (u, to) => context.run({ user: u }, async () => { const said = once(room, u); await sleep(u === 'a' ? 2 : 8); user(); room.emit(to, user()); return [u, (await Promise.race([said, sleep(30)]))?.[0]]; });
console.log(await Promise.all([say('a', 'b'), say('b', 'a')]));
const shared = new Map(); const cached = (k) => { if (!shared.has(k)) shared.set(k, step(5)); return shared.get(k); };
console.log(await Promise.all(['x', 'y'].map((u) => context.run({ user: u }, async () => [user(), typeof (await cached('k'))]))));
