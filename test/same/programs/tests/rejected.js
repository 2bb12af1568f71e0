// same: needs=runner
test('expects a rejection', async () => { await assert.rejects(async () => { await null; throw new RangeError('expected'); }, { name: 'RangeError', message: 'expected' }); await assert.rejects((async () => { await null; null.x; })(), TypeError); });
