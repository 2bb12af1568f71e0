// same: core
const log = [];
const track = (name, promise) => promise.then(() => log.push(name), () => log.push(`${name} rejected`));
track('plain', (async () => 1)());
track('await value', (async () => { await 1; })());
track('return promise', (async () => Promise.resolve(1))());
track('return await', (async () => await Promise.resolve(1))());
track('nested', (async () => { await (async () => { await 1; })(); })());
track('thenable', (async () => { await { then(done) { done(1); } }; })());
track('throw', (async () => { throw 1; })());
track('reject', (async () => { await Promise.reject(1); })());
track('finally', (async () => { try { await 1; } finally { await 2; } })());
track('generator', (async () => { for await (const x of (async function* () { yield 1; yield Promise.resolve(2); })()) x; })());
track('sync iterable', (async () => { for await (const x of [1, Promise.resolve(2)]) x; })());
for (let tick = 0; tick < 20; tick++) { log.push(`-${tick}-`); await null; }
console.log(log.join(' '));
