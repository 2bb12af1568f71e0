// same: ends=SIGINT needs=main
(async () => { await null; process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 5000); })();
