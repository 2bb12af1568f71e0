// same: needs=alone
const log = []; for (const name of ['beforeExit', 'exit', 'uncaughtExceptionMonitor', 'uncaughtException', 'unhandledRejection', 'rejectionHandled', 'warning', 'worker', 'newListener', 'removeListener']) process.on(name, (...args) => log.push(`${name} ${args.map((a) => (typeof a === 'string' ? a : a?.message ?? typeof a)).join(' ')}`));
const p = (async () => { await null; throw new Error('r'); })(); setTimeout(() => { p.catch(() => {}); process.emitWarning('w'); throw new Error('u'); }, 1); process.on('exit', () => require('node:fs').writeSync(1, log.join('\n') + '\n'));
