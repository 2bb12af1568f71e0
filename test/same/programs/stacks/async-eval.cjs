const made = eval('(async function made(x) { await null; throw new Error("made " + x) })');
made(1).catch((error) => console.log(error.stack));
const AsyncFunction = made.constructor;
new AsyncFunction('x', 'await x; throw new Error("ctor " + x)')(2).catch((error) => console.log(error.stack));
