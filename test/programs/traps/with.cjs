// A file with a `with` statement runs as it is: its object would be asked for our names.
const scope = new Proxy({}, { has(_, name) { console.log('asked for', name); return false; } });
async function f() { with (scope) { await null; } return 'done'; }
f().then(console.log);
