// same: needs=file
const path = require.resolve('./parts/counter.cjs'); const a = require(path); delete require.cache[path]; const b = require(path); console.log(a !== b, a.n, b.n, require.cache[path].loaded, module.children.length); (async () => console.log(await a.next(), await b.next()))();
