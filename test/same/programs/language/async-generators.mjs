const log = [];
async function* g() { try { const a = yield 1; log.push(`got ${a}`); const b = yield Promise.resolve(2); log.push(`got ${b}`); yield 3; return Promise.resolve('end'); } catch (e) { log.push(`caught ${e}`); yield 'from catch'; } finally { log.push('finally'); await null; } }
let it = g(); log.push(JSON.stringify([await it.next('ignored'), await it.next('A'), await it.next('B'), await it.next(), await it.next()]));
it = g(); await it.next(); log.push(JSON.stringify([await it.throw('T'), await it.next(), await it.next()]));
it = g(); await it.next(); log.push(JSON.stringify([await it.return('R'), await it.next()]));
it = g(); log.push(JSON.stringify(await it.return(Promise.resolve('early'))));
it = g(); await it.throw('unstarted').catch((e) => log.push(e));
it = g(); log.push(JSON.stringify(await Promise.all([it.next(), it.next('x'), it.return('queued'), it.next()])));
async function* d() { const r = yield* g(); log.push(`result ${r}`); yield* [4, Promise.resolve(5)]; }
for await (const x of d()) log.push(x);
console.log(log.join('\n'));
