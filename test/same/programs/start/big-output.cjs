// same: core
(async () => { for (let i = 0; i < 20; i++) { await null; process.stdout.write(`${i}`.repeat(100) + '\n'); } })();
