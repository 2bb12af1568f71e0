// same: ends=1
async function main() { await null; throw 'only text'; }
main();
