// same: needs=main
process.kill(process.pid, 'SIGPIPE');
(async () => { await null; console.log('SIGPIPE is ignored'); })();
