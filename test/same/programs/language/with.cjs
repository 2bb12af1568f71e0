async function f(o) { with (o) { await null; x = await y; return x; } } const o = { x: 1, y: Promise.resolve(2), enter: 'own', exit: 'own', await: 1 };
f(o).then((v) => console.log(v, o));
