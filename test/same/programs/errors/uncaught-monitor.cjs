// same: ends=1
process.on('uncaughtExceptionMonitor', (error, origin) => console.log('monitor', error.message, origin));
setTimeout(async () => { await null; throw new Error('seen'); }, 1);
