console.log(typeof later, typeof alsoLater, later.name); later(1).then(console.log);
async function later(x) { await null; return inner(x); function inner(y) { return y + 1; } }
async function* alsoLater() {} 
{ async function blockScoped() { return await 1; } } console.log(typeof blockScoped);
try { tdz(); } catch (e) { console.log(e.message); } const tdz = async () => {};
if (true) { async function inIf() {} } switch (1) { case 1: async function inCase() { return await 'case'; } inCase().then(console.log); }
