// same: needs=runner
test('sees the globals', async () => { await null; assert.equal(typeof setTimeout, 'function'); assert.ok(Promise.resolve() instanceof Promise); assert.ok((async () => {})() instanceof Promise); assert.equal(typeof $p, 'undefined'); assert.ok(new TypeError('x') instanceof Error); });
