let i = 0; const f = async () => ++i; const list = [await f(), (await f(), await f()), await f()]; console.log(list, (i++, await i, i), { a: await f(), b: await f() }, await f() + await f() * await f());
const args = (...all) => all; console.log(args(await f(), ...await Promise.all([f(), f()]), i++, await i), `${i}${await f()}${i}`, [i, i = await f(), i]);
