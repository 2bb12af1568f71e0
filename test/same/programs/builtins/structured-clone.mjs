const error = await (async () => { await null; throw new RangeError('r', { cause: { a: 1 } }); })().catch((e) => e);
const copy = structuredClone(error); console.log(copy instanceof RangeError, copy.message, copy.stack === error.stack); try { structuredClone(async () => { await 1; }); } catch (e) { console.log(e.name, e.message); }
