async function main() { await null; console.trace('here'); console.assert(false, 'not so'); console.error(new Error('shown')); }
await main();
