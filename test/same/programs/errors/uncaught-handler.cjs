process.on('uncaughtException', (error, origin) => { console.log(error.message, origin, error.stack.split('\n')[1]); });
(async () => { await null; throw new Error('first'); })();
setTimeout(() => { throw new Error('second'); }, 1);
setTimeout(() => console.log('goes on'), 5);
