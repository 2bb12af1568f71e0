const { then } = Promise.prototype; const boom = () => { throw new Error('replaced by the program'); };
for (const [target, keys] of [[Array.prototype, ['push', 'pop', 'slice', 'indexOf']], [Map.prototype, ['get', 'set', 'has']], [WeakMap.prototype, ['get', 'set', 'has']], [Reflect, ['apply', 'get', 'ownKeys']], [Object, ['keys', 'assign', 'defineProperty', 'entries']], [Function.prototype, ['bind']], [Symbol, ['for']], [JSON, ['stringify', 'parse']]]) for (const key of keys) target[key] = boom;
async function f() { await null; for await (const x of (async function* () { yield 1; })()) await x; throw new TypeError('own'); }
Promise.prototype.then = then; f().catch((error) => require('node:fs').writeSync(1, `${error.message}\n`));
