import { AsyncResource, executionAsyncResource } from 'node:async_hooks';
class Pool extends AsyncResource { run(f) { return this.runInAsyncScope(f, this, 1, 2); } } const pool = new Pool('POOL');
console.log(pool.run(function (a, b) { return [this === pool, a, b, executionAsyncResource() === pool]; }), pool.type); await pool.run(async () => { await null; }); pool.emitDestroy();
