const fail = async (n) => { await null; throw new Error(`fail ${n}`); };
const short = (error) => error.stack.split('\n').slice(0, 3).join('\n');
await Promise.all([fail(1), fail(2)]).catch((error) => console.log(short(error)));
await Promise.any([fail(3), fail(4)]).catch((error) => console.log(error.constructor.name, error.message, error.errors.map(short)));
console.log((await Promise.allSettled([fail(5)])).map(({ reason }) => short(reason)));
await (async () => { await Promise.race([fail(6)]); })().catch((error) => console.log(short(error)));
