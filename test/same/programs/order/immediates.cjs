const log = [];
for (let i = 0; i < 3; i++) setImmediate(async () => { log.push(`i${i}`); setImmediate(() => log.push(`inner${i}`)); await null; log.push(`m${i}`); });
const cleared = setImmediate(() => log.push('never')); clearImmediate(cleared);
process.on('exit', () => console.log(log.join(' ')));
