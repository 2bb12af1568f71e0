// same: ends=1 core
async function main() { await null; }
main();
require('a-package-that-is-not-there');
