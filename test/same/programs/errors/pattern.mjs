// same: ends=1 node=20-22
// A pattern that a Node before 24 refuses.
async function main() { console.log(await Promise.resolve(/(?i:a)b/.test('Ab'))); }
await main();
