// same: ends=3 core
process.on('exit', (code) => console.log('exit', code));
async function main() { try { await null; process.exit(3); } finally { console.log('never'); } }
main();
setTimeout(() => console.log('never'), 10);
