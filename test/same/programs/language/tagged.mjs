const tag = (strings, ...values) => [strings.raw.join('|'), strings === again(strings), values]; const seen = []; function again(s) { seen.push(s); return seen[0] === s ? s : null; }
const run = async (x) => tag`a${await x}b\n${x}`; console.log(await run(1), await run(2), seen[0] === seen[1]);
console.log(await (async (t) => (await t)`x${await 3}`)(Promise.resolve(String.raw)));
