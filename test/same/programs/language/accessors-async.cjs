const o = { get later() { return (async () => { await null; return this.v; })(); }, set later(x) { (async () => { await null; this.v = x; })(); }, v: 1, async ['m' + 1]() { return await super.toString(); }, __proto__: { toString() { return 'proto'; } } };
(async () => { o.later = 5; console.log(await o.later, await o.later, await o.m1()); })();
