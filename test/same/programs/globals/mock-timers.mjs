import { mock } from 'node:test';
mock.timers.enable({ apis: ['setTimeout', 'setInterval'] }); let done = false;
const wait = (async () => { await new Promise((resolve) => setTimeout(resolve, 60_000)); done = true; })();
mock.timers.tick(59_999); await null; console.log(done); mock.timers.tick(1); await wait; console.log(done); mock.timers.reset();
const fn = mock.fn(async (x) => { await null; return x * 2; }); console.log(await fn(2), fn.mock.callCount(), await fn.mock.calls[0].result);
