const o = { a: { b: async (x) => x, c: null } }; const n = null;
console.log(await o?.a?.b?.(1), await n?.x.y.z(await never()), (await o.a.b({ k: 1 }))?.k, await o.a.c?.(), await delete o?.a.c, o.a);
async function never() { console.log('never'); }
console.log((await (await o.a.b(o))?.a.b(7)) ** 2, await new Promise((r) => r)?.constructor?.name);
