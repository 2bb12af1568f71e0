// same: core
const greet = async (name) => { await null; return `hello, ${name}`; };
console.log(await greet('world'));
