process.send('ready');
process.send({ pid: process.pid });
setTimeout(() => process.exit(0), 50);
