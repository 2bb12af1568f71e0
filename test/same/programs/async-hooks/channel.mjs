import { channel, tracingChannel, subscribe } from 'node:diagnostics_channel';
const log = []; subscribe('own', (message, name) => log.push(`${name} ${message.a}`)); channel('own').publish({ a: 1 });
const tracing = tracingChannel('job'); tracing.subscribe({ start: () => log.push('start'), end: () => log.push('end'), asyncStart: ({ result }) => log.push(`asyncStart ${result}`), asyncEnd: () => log.push('asyncEnd'), error: ({ error }) => log.push(`error ${error.message}`) });
await tracing.tracePromise(async () => { await null; return 5; }, {}); await tracing.tracePromise(async () => { await null; throw new Error('x'); }, {}).catch(() => {}); tracing.traceSync(() => 1, {}); console.log(log);
