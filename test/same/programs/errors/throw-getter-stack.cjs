// same: ends=1
const error = new Error('x'); Object.defineProperty(error, 'stack', { get() { console.log('stack is read'); return 'own stack'; } });
(async () => { await null; throw error; })();
