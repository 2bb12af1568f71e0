// same: core
const log = [];
setTimeout(() => log.push('timeout'), 0);
setImmediate(() => { log.push('immediate'); process.nextTick(() => log.push('tick in immediate')); Promise.resolve().then(() => log.push('micro in immediate')); });
process.nextTick(() => { log.push('tick'); Promise.resolve().then(() => log.push('micro in tick')); });
Promise.resolve().then(() => { log.push('micro'); process.nextTick(() => log.push('tick in micro')); });
queueMicrotask(() => log.push('queued'));
(async () => { log.push('sync'); await null; log.push('after await'); await log; log.push('after second'); })();
log.push('main');
setTimeout(() => console.log(log.filter((word) => word !== 'timeout' && !/immediate/.test(word)).join(', ')), 20);
