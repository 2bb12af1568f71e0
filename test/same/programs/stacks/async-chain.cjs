// same: core
async function one() { await two(); }
async function two() { return await three(); }
async function three() { await null; throw new Error('three'); }
one().catch((error) => console.log(error.stack.split('\n').slice(0, 4).join('\n')));
