// same: core
async function greet(name) { await null; return `hello, ${name}`; }
greet('world').then(console.log);
