// same: ends=5 core
process.on('exit', (code) => console.log('exit', code, process.exitCode));
process.once('beforeExit', (code) => console.log('beforeExit', code));
await null;
process.exitCode = 5;
