var x = 1; <!-- an old comment
async function f() { await null; return x; }
--> another
f().then(console.log);
