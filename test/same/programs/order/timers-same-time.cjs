const log = [];
for (let i = 0; i < 5; i++) setTimeout(async () => { log.push(`t${i}`); await null; log.push(`m${i}`); process.nextTick(() => log.push(`n${i}`)); }, 5);
setTimeout(() => console.log(log.join(' ')), 30);
