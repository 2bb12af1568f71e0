const { then } = Promise.prototype; let calls = 0;
Promise.prototype.then = function (...args) { calls++; return then.apply(this, args); };
(async () => { await Promise.resolve(1); await (async () => 2)(); await Promise.all([1, 2]); await Promise.resolve().finally(() => {}); Promise.prototype.then = then; console.log(calls); })();
