// same: ends=4
process.on('exit', () => { process.exitCode = 4; Promise.resolve().then(() => console.log('never')); queueMicrotask(() => console.log('never')); });
(async () => { await null; console.log('ran'); })();
