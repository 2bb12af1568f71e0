// same: ends=9
process.on('exit', (code) => { console.log('exit', code); if (code === 0) process.exit(9); });
(async () => { await null; })();
