const log = [];
outer: for (const a of [1, 2, 3]) { inner: for await (const b of [1, 2, 3]) { if (b === 2) continue outer; if (a === 3) break outer; log.push(a * 10 + b); await null; } }
block: { await null; if (log.length) break block; log.push('never'); }
a: b: c: for (;;) { await null; break b; }
lone: if (await 1) { break lone; }
console.log(log);
