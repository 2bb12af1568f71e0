async function f(secret) { await null; eval('var made = secret + 1'); const names = eval('typeof made'); await null; return [made, names, eval('arguments.length'), eval('(async () => { await 1; return secret; })')() instanceof Promise]; }
f(1).then(console.log);
(0, eval)('var globalMade = async () => { await null; return 2; }'); globalMade().then(console.log); console.log(Object.keys(globalThis).includes('globalMade'));
async function g() { 'use strict'; await null; eval('var hidden = 1'); return typeof hidden; } g().then(console.log);
