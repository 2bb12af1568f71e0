// same: needs=runner
test('awaits', async () => { const log = []; const step = async (n) => { await null; log.push(n); return n; }; assert.deepEqual(await Promise.all([step(1), step(2)]), [1, 2]); for await (const x of [step(3)]) log.push(x * 10); assert.deepEqual(log, [1, 2, 3, 30]); });
test('is sync', () => { assert.equal(1 + 1, 2); });
