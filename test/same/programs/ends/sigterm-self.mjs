// same: ends=SIGTERM needs=main
process.on('exit', () => console.log('no exit event'));
await null;
process.kill(process.pid, 'SIGTERM');
await new Promise((done) => setTimeout(done, 5000));
