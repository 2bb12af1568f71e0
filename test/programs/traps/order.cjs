// The order of microtasks, ticks and timers; not one tick more or less.
const log = []; const say = (x) => log.push(x);
const chain = (name, n) => { let p = Promise.resolve(); for (let i = 0; i < n; i++) p = p.then(() => say(name + i)); };
async function returnsPromise() { return Promise.resolve().then(() => say('rp')); }
async function awaitsPromise() { return await Promise.resolve().then(() => say('ap')); }
async function thenable() { await { then(f) { say('then'); f(); } }; say('thenable'); }
async function plain() { await null; say('plain1'); await null; say('plain2'); }
async function* gen() { yield 1; yield 2; }
async function loops() { for await (const x of gen()) say('g' + x); for await (const x of [3, 4]) say('s' + x); say('loops'); }
async function tryFinally() { try { await null; return 1; } finally { say('fin1'); await null; say('fin2'); } }
chain('c', 14); returnsPromise().then(() => say('rp done')); awaitsPromise().then(() => say('ap done'));
thenable(); plain(); loops(); tryFinally().then(() => say('tf done'));
process.nextTick(() => say('tick')); queueMicrotask(() => say('micro')); setImmediate(() => { say('immediate'); setImmediate(() => console.log(log.join(' '))); });
Promise.resolve().then(() => process.nextTick(() => say('tick in promise')));
