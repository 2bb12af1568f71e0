// same: ends=SIGKILL needs=main
(async () => { await null; require('node:fs').writeSync(1, 'kills itself\n'); process.kill(process.pid, 'SIGKILL'); await new Promise((done) => setTimeout(done, 5000)); })();
