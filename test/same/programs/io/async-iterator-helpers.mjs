// same: node=22
function* g() { yield 1; yield 2; yield 3; } console.log(g().map((x) => x * 2).toArray(), await Promise.all(g().map(async (x) => { await null; return x; })), [...g().drop(1)], Iterator.from({ next() { return { done: true }; } }).toArray());
