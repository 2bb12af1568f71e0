// same: ends=1
(async () => { await null; const error = new Error('no stack'); error.stack = undefined; throw error; })();
