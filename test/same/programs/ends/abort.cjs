// same: ends=SIGABRT needs=main
(async () => { await null; require('node:fs').writeSync(1, 'aborts\n'); process.abort(); })();
