process.on('unhandledRejection', (reason, promise) => console.log(reason.stack.split('\n').slice(0, 3).join('\n'), promise instanceof Promise));
async function fails() { await null; throw new Error('nobody'); }
fails();
