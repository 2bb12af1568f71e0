const log = []; const handler = new Proxy({}, { get(_, trap) { return (...args) => { log.push(`${trap}:${String(args[1])}`); return Reflect[trap](...args); }; } });
const spy = new Proxy({ a: 1, async m() { await null; return this.a; } }, handler);
(async () => { await spy; await spy.m(); for await (const x of [spy]) x.a; const { a, ...rest } = await spy; 'a' in await spy; await Promise.all([spy]); (async () => spy)(); await null; console.log(log.join(' ')); })();
