// same: core
import { AsyncLocalStorage } from 'node:async_hooks';
const als = new AsyncLocalStorage(); const at = async (name) => { await null; return `${name}=${als.getStore()}`; };
const log = await als.run('outer', async () => { const a = await at('a'); const b = await als.run('inner', () => at('b')); const c = await new Promise((done) => setTimeout(() => done(als.getStore()), 1)); const d = await als.exit(() => at('d')); const e = await new Promise((done) => process.nextTick(() => setImmediate(() => queueMicrotask(() => done(als.getStore()))))); als.enterWith('entered'); return [a, b, c, d, e, await at('f')]; });
console.log(log, als.getStore()); als.enterWith('top'); await null; console.log(als.getStore(), await at('g'));
