// same: node=24 core
const log = []; const res = (n) => ({ n, [Symbol.dispose]() { log.push(`dispose ${n}`); }, async [Symbol.asyncDispose]() { await null; log.push(`async dispose ${n}`); } });
{ using a = res(1), b = res(2); await using c = res(3); log.push('block'); await null; }
async function f() { await using a = res(4); using b = res(5); return await 'returned'; } log.push(await f());
try { using a = { [Symbol.dispose]() { throw new Error('in dispose'); } }; throw new Error('body'); } catch (e) { log.push(e.constructor.name, e.message, e.error.message, e.suppressed.message); }
for (using x of [res(6), res(7)]) { await null; log.push(x.n); } for await (await using x of [res(8)]) log.push(x.n);
const stack = new AsyncDisposableStack(); stack.use(res(9)); stack.defer(async () => { log.push('deferred'); }); await stack.disposeAsync();
console.log(log.join(' | ')); export {};
