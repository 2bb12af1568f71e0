// same: ends=2
const { exit } = process;
process.exit = (code) => { console.log('wants', code); exit.call(process, 2); };
(async () => { await null; process.exit(1); })();
