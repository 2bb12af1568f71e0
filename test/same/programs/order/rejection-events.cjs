const log = [];
process.on('unhandledRejection', (reason) => log.push(`unhandled ${reason}`));
process.on('rejectionHandled', () => log.push('handled'));
const late = Promise.reject('late'); Promise.reject('never');
process.nextTick(() => log.push('tick'));
const tickCaught = Promise.reject('in tick'); process.nextTick(() => tickCaught.catch(() => log.push('caught in tick')));
setTimeout(() => late.catch(() => log.push('caught late')), 2);
(async () => { await 1; const p = (async () => { throw 'async'; })(); await null; await null; await p.catch((e) => log.push(e)); })();
process.on('exit', () => console.log(log.join('\n')));
