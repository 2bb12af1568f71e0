// same: ends=6
process.on('exit', () => console.log('never'));
(async () => { await null; process.reallyExit(6); })();
