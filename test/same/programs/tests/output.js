// same: needs=runner
test('prints', async () => { console.log('before'); await null; console.log('after', await Promise.resolve(5)); console.error('to stderr'); });
