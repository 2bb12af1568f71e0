// Async generators: yield of promises and of nothing, delegation, values in, return and throw in.
async function* gen() {
  try { const got = yield 1; console.log('got', got); yield; yield Promise.resolve(2); const r = yield* inner(); yield r; return Promise.resolve('end'); }
  catch (e) { yield `caught ${e}`; } finally { await null; console.log('finally'); }
}
async function* inner() { yield 'i1'; return 'i2'; }
function* plain() { const x = yield 1; return x; }
const it = gen();
console.log(await it.next(), await it.next('sent'), await it.next(), await it.next(), await it.next(), await it.next(), await it.next());
const early = gen(); await early.next(); console.log(await early.return('r'));
const thrown = gen(); await thrown.next(); console.log(await thrown.throw('t'), await thrown.next());
const p = plain(); p.next(); console.log(p.next(3), gen.constructor.name, Object.prototype.toString.call(it));
