let gets = 0;
const counted = { get then() { gets++; return undefined; } };
await counted; (async () => counted)(); await null; console.log(gets);
async function f() { return counted; } await f(); console.log(gets);
async function* g() { yield counted; } for await (const x of g()) x; console.log(gets);
let constructors = 0; const p = Promise.resolve(1); Object.defineProperty(p, 'constructor', { get() { constructors++; return Promise; } });
await p; await Promise.all([p]); await (async () => p)(); console.log(constructors);
