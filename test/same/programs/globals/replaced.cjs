// same: core
const kept = { push: Array.prototype.push, apply: Reflect.apply };
for (const target of [Array.prototype, Map.prototype, Set.prototype, WeakMap.prototype, String.prototype, RegExp.prototype]) for (const key of Object.getOwnPropertyNames(target)) { const one = Object.getOwnPropertyDescriptor(target, key); if (key === 'constructor' || typeof one.value !== 'function' || !one.configurable) continue; Object.defineProperty(target, key, { ...one, value(...args) { globalThis.calls++; return kept.apply(one.value, this, args); } }); }
globalThis.calls = 0; const before = globalThis.calls;
async function f() { await null; for await (const x of [1]) await x; return 2; }
f().then((v) => { const { calls } = globalThis; process.stdout.write(`${v} ${calls > 1000}\n`); });
