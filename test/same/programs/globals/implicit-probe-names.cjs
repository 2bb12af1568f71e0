async function f() { await null; return [typeof $p, typeof $a, typeof $b]; }
f().then((all) => console.log(all, typeof $p, typeof $a, typeof $b));
