// same: ends=7
process.on('uncaughtException', () => { throw new Error('in the handler'); });
(async () => { await null; throw new Error('first'); })();
