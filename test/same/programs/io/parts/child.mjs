process.on('message', async ({ n, map }) => { await null; process.send({ n: n + 1, map, argv: process.argv.slice(2) }); });
