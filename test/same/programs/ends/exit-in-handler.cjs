// same: ends=8
process.on('unhandledRejection', (reason) => { console.log('handler', reason.message); process.exit(8); });
(async () => { await null; throw new Error('x'); })();
