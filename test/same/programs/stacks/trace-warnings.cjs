// same: flags=--trace-warnings
async function main() { await null; process.emitWarning('careful', { code: 'OWN001', detail: 'a detail' }); }
main();
