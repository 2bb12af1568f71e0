// Sloppy mode: functions used before they are declared, declared twice, beside a `var` of the name.
async function twice() { function f() { return 1; } function f() { return 2; } await null; return f(); }
async function withVar() { var g; function g() {} await null; return typeof g; }
async function inLoop() { for (var i = 0; i < 2; i++) await i; return i; }
async function before() { return later(); async function later() { await null; return 'later'; } }
async function inBlock() { { function inner() { return 'inner'; } } await null; return inner(); }
async function shadow(x) { var x = (await x) + 1; return x; }
Promise.all([twice(), withVar(), inLoop(), before(), inBlock(), shadow(1)]).then((all) => console.log(all));
