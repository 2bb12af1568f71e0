// same: needs=runner
test('keeps the order', async () => { const log = []; setTimeout(() => log.push('timeout'), 1); queueMicrotask(() => log.push('micro')); await null; log.push('await'); await new Promise((done) => setTimeout(done, 10)); assert.deepEqual(log, ['micro', 'await', 'timeout']); });
