// same: ends=1
const log = []; const say = (word, value) => { log.push(word); return value; };
const getter = { get then() { return say('get', (done) => done('by getter')); } };
const proxy = new Proxy({}, { get: (_, key) => say(`get ${String(key)}`, key === 'then' ? (done) => done('by proxy') : undefined), has: () => say('has', true), getPrototypeOf: () => say('prototype', null), getOwnPropertyDescriptor: () => say('descriptor', undefined), ownKeys: () => say('keys', []) });
const below = Object.create(proxy); class Query { then(done, fail) { say('then'); setImmediate(done, this.constructor.name); } } class Late extends Query {}
const fails = { then(_, fail) { say('fail'); setImmediate(fail, new Error('rejected')); } }; const throws = { then() { throw new Error('thrown'); } }; const callable = Object.assign(() => {}, { then: (done) => done('callable') }); const twice = { then(done) { done({ then: (next) => next('twice') }); } };
const values = { getter, proxy, below, query: new Query(), late: new Late(), fails, throws, callable, twice, plain: { then: 5 }, bare: Object.create(null), list: [1], fn() {} };
const give = async (value) => value; const giveFinally = async (value) => { try { return value; } finally { await null; } }; async function giveBlock(value) { if (value) return value; }
(async () => { for (const f of [give, giveFinally, giveBlock]) for (const [name, value] of Object.entries(values)) { try { const got = await f(value); say(`${name}: ${typeof got === 'object' ? Object.keys(got) : String(got).slice(0, 12)}`); } catch (error) { say(`${name}: ${error.message}`); } } console.log(log.join('\n')); giveBlock(fails).catch((error) => console.log('caught', error.message)); await give(throws); })();
