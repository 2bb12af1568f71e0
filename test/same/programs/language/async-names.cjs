var async = (x) => `called ${x}`, await = 5, of = [1], get = 2, set = 3, yield_ = 4, let_ = 1;
console.log(async(1), async
(2), await, async (3));
const o = { async: 1, await: 2, get: 3, async async() { return await this.await; }, get get() { return 1; }, async await() { return 3; }, async *[Symbol.asyncIterator]() { yield* of; } };
(async () => { console.log(typeof await o.async(), typeof await o.await); for await (const of of o) console.log(of); })();
for (async of => {}; false;) ; for (var of2 of of) console.log(of2);
