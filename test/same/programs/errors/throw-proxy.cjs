// same: ends=1
(async () => { await null; throw new Proxy(new Error('proxied'), {}); })();
