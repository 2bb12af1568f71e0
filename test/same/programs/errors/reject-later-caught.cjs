process.on('unhandledRejection', (reason) => console.log('unhandled', reason.message));
process.on('rejectionHandled', (promise) => console.log('handled', promise instanceof Promise));
const promise = (async () => { await null; throw new Error('late'); })();
setTimeout(() => promise.catch((error) => console.log('caught', error.message)), 5);
