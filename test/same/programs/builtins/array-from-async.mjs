// same: node=22
async function* g() { yield 1; yield Promise.resolve(2); } console.log(await Array.fromAsync(g()), await Array.fromAsync([Promise.resolve(3)], async (x) => x * 2));
const { promise, resolve } = Promise.withResolvers(); setTimeout(resolve, 1, 'resolved'); console.log(await promise, await Promise.try?.(async () => 4));
