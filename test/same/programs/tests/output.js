// same: needs=runner
test('prints', async () => { console.log('before'); await null; console.log('after', await Promise.resolve(5)); });
