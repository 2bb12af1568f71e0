// The end of an async generator sets its consumer's turns: a bare `return` none, `return E` one.
const log = [];
async function* bare(n) { try { if (n) return; else yield 1 } finally { log.push('bare left') } }
async function* valued() { try { return void 0 } finally { log.push('valued left') } }
async function* off() { try { } finally { log.push('off left') } }
async function* empty() { return
}
for (const make of [bare, valued, off, empty]) {
  let turns = 0;
  let done = false;
  make(1).next().then(() => { done = true });
  log.push(`${make.name} asked`);
  while (!done) { turns++; await null }
  log.push(`${make.name} took ${turns}`);
}
console.log(log.join(', '));
