// Expression bodies: objects in parentheses, commas, nested arrows, defaults; names, lengths stay.
const object = async () => ({ a: 1 });
const comma = async (x) => (await x, 2);
const nested = async (x) => async (y) => [await x, await y];
const byDefault = async (x = 1, { y = 2 } = {}, ...rest) => x + y + rest.length;
const conditional = async (x) => (await x) ? await 'yes' : await 'no';
console.log(await object(), await comma(1), await (await nested(1))(2), await byDefault(), await conditional(0));
console.log(object.name, byDefault.length, nested.length, object.constructor.name, (await nested(1)).name === '');
const list = [async () => 1, async function () {}, async function named() {}];
console.log(list.map((f) => f.name));
