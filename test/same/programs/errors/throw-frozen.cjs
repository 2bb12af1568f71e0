// same: ends=1
(async () => { await null; throw Object.freeze(new Error('frozen')); })();
