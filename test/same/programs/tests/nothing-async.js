// same: needs=runner
test('only sync', () => { assert.deepEqual([1, 2].map((x) => x * 2), [2, 4]); });
