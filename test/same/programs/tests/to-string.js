// same: needs=runner
test('reads a function as text', async () => { const f = async (a) => { await a; return 1; }; assert.equal(f.toString(), 'async (a) => { await a; return 1; }'); assert.equal(await new Function(`return (${f})(1)`)(), 1); });
