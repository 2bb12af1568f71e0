// same: ends=12 needs=main
const stop = Promise.withResolvers?.() ?? (() => { const all = {}; all.promise = new Promise((resolve) => { all.resolve = resolve; }); return all; })();
process.once('SIGTERM', (signal, number) => { console.log(signal, number); stop.resolve(); });
const alive = setInterval(() => {}, 1000);
process.kill(process.pid, 'SIGTERM');
await stop.promise;
clearInterval(alive);
process.exitCode = 12;
