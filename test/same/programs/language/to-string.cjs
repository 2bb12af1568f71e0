async function f(a) { /* a comment */ return await a + 1; }
const g = async (x) => await(x), o = { async m() { await 1; }, async *n() { yield await 1; } }; class A { async m() { return await super.toString(); } static x = async () => { await 1; }; }
for (const x of [f, g, o.m, o.n, A, A.x, A.prototype.m]) console.log(x.toString());
console.log(`${f}`, f + '', String(g), Function.prototype.toString.call(f), [f, g].join());
