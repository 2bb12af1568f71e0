// same: core
const log = [];
const iterable = (name, last = 3) => ({ [Symbol.asyncIterator]() { let n = 0; return { async next(...args) { log.push(`${name}.next ${args.length}`); return { value: ++n, done: n > last }; }, async return(v) { log.push(`${name}.return`); return { value: v, done: true }; } }; } });
for await (const x of iterable('all')) log.push(x);
for await (const x of iterable('break')) { if (x === 2) break; }
try { for await (const x of iterable('throw')) throw new Error('body'); } catch (e) { log.push(e.message); }
await (async () => { for await (const x of iterable('return')) return x; })();
for await (const x of [1, Promise.resolve(2), { then(r) { r('thenable'); } }]) log.push(x);
for await (const x of new Map([['k', 1]])) log.push(x.join()); for await (const x of 'ab') log.push(x); for await (const x of new Set([Promise.resolve('s')])) log.push(x);
try { for await (const x of [1, Promise.reject('rejected')]) log.push(x); } catch (e) { log.push(e); }
try { for await (const x of 5) ; } catch (e) { log.push(e.message); } try { for await (const x of { [Symbol.asyncIterator]: 1 }) ; } catch (e) { log.push(e.message); }
let target = {}; for await (target.prop of ['p']) ; for await ([target.a, target.b = 'd'] of [['x']]) ; log.push(JSON.stringify(target));
console.log(log.join(' '));
