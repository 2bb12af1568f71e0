const Native = Promise; globalThis.Promise = class Own extends Native { static made = 0; constructor(run) { super(run); Own.made++; } };
async function f() { await null; return 1; } const p = f(); console.log(p instanceof Promise, p.constructor === Native);
p.then(async (v) => { await new Promise((done) => setTimeout(done, 1)); console.log(v, Promise.made, await Promise.all([1, f()]), Promise.made); });
