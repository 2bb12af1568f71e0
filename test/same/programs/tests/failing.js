// same: needs=runner
test('fails after an await', async () => {
  const load = async (value) => { await null; return value; };
  assert.equal(await load(1), 2);
});
test('throws', async () => { await null; throw new Error('thrown in a test'); });
