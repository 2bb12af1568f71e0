// same: needs=file
async function f() { await null; return [import.meta.url.endsWith('/import-meta.mjs'), import.meta.filename.endsWith('/import-meta.mjs'), typeof import.meta.dirname, typeof import.meta.resolve, import.meta.resolve('node:fs'), Object.keys(import.meta).sort()]; }
console.log(await f());
