// same: ends=1
import assert from 'node:assert';
const check = async (value) => { await null; assert.deepEqual(value, { a: 1 }); };
await check({ a: 2 });
