const log = []; const controller = new AbortController();
controller.signal.addEventListener('abort', () => log.push('abort event'));
const wait = new Promise((_, reject) => controller.signal.addEventListener('abort', () => reject(controller.signal.reason)));
queueMicrotask(() => controller.abort(new Error('stop')));
await wait.catch((error) => log.push(error.message));
try { controller.signal.throwIfAborted(); } catch (error) { log.push(error.message); }
const alive = setInterval(() => {}, 1000);
await new Promise((done) => AbortSignal.timeout(2).addEventListener('abort', (event) => { log.push(event.target.reason.name); done(); }));
clearInterval(alive); console.log(log.join(' | '));
