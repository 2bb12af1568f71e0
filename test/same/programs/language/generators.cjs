function* g(x) { try { const y = yield x; return (yield y) + 1; } finally { yield 'cleanup'; } }
let it = g(1); console.log(it.next(), it.next(2), it.next(3), it.next(), it.next());
it = g(1); it.next(); console.log(it.return(9), it.next(), it.next()); it = g(1); it.next(); try { console.log(it.throw(new Error('t'))); it.next(); } catch (e) { console.log(e.message); }
const co = (gen) => new Promise((done, fail) => { const i = gen(); const step = (v) => { const r = i.next(v); r.done ? done(r.value) : Promise.resolve(r.value).then(step, fail); }; step(); });
co(function* () { const a = yield Promise.resolve(1); const b = yield a + 1; return a + b; }).then(console.log);
console.log([...function* () { yield* (function* () { yield 1; return 2; })(); }()], Object.prototype.toString.call(g()), g.constructor.name);
