// same: core
const one = async () => { const got = await two(1); return got; };
const two = async (value) => { try { return await three(value); } finally { console.log('finally'); } };
async function three(value) { await null; throw new TypeError(`three ${value}`); }
try { await one(); } catch (error) { console.log(error.stack.split('\n').slice(0, 5).join('\n')); }
