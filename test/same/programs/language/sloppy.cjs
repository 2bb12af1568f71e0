async function f(a, b) { await null; arguments[0] = 9; return [a, b, this === globalThis, arguments.length, typeof arguments.callee]; }
f(1, 2).then(console.log);
async function w() { await 1; undeclaredGlobal = 2; delete globalThis.undeclaredGlobal; var x = 1; { function x2() { return 7; } } return [x, x2(), 010, typeof undeclaredGlobal]; }
w().then(console.log);
