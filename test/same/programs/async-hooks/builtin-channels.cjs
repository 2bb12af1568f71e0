// same: needs=main
const { subscribe } = require('node:diagnostics_channel'); const log = []; for (const name of ['module.require.start', 'module.import.asyncStart', 'worker_threads', 'child_process']) subscribe(name, (message) => log.push(`${name} ${message.id ?? message.url ?? ''}`.replace(/file:.*\//, '')));
(async () => { await import('node:path'); require('node:url'); new (require('node:worker_threads').Worker)('1', { eval: true }).on('exit', () => console.log(log)); })();
