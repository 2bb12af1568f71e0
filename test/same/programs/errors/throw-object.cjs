// same: ends=1
(async () => { await null; throw { code: 7, nested: { list: [1, 2] } }; })();
