// same: core
const Symbol = { for: () => 'own' };
async function f(x) { for await (const y of [x]) return [y, Symbol.for('a')]; }
f(1).then(console.log);
