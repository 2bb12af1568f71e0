async function f() { await null; const inner = async () => { await null; return [...arguments]; }; return inner(9, 9); }
f(1, 2, 3).then(console.log);
const o = { async m(a = arguments.length, ...rest) { await null; return [a, rest, arguments.length, this === o]; } };
o.m().then(console.log); o.m(undefined, 1, 2).then(console.log);
