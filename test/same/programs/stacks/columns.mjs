// same: core
const at = (error) => error.stack.split('\n')[1].replace(/^.*:(\d+:\d+)\)?$/, '$1');
async function f(a) { await a; return [at(new Error()), await at(new Error()), at(new Error())]; }
console.log(await f(1), at(new Error()), await at(new Error())); console.log(at(new Error()));
for await (const x of [1, Promise.resolve(2)]) console.log(x, at(new Error())), console.log(at(new Error()));
const g = async () => at(new Error()), h = async (x = at(new Error())) => (await x, at(new Error()));
console.log(await g(), await h());
