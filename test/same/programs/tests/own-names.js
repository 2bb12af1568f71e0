// same: needs=runner
test('has its own names', async () => { const Symbol = 1, Object = 2, $p = 3, $a = 4; const g = async (x)=>(await(x)); assert.deepEqual([await g(Symbol), await(Object), $p, $a], [1, 2, 3, 4]); });
