// All ways across: require of CommonJS and JSON, import() of both, require.main, require.cache.
const commonjs = require('./parts/one.cjs');
(async () => {
  console.log(await commonjs.load(), require('./parts/data.json').n, Object.keys(require.cache).filter((path) => path.startsWith(__dirname)).length);
  const esm = await import('./parts/two.mjs'); const cjs = await import('./parts/one.cjs');
  console.log(await esm.load(), await cjs.load(), await cjs.default.load(), cjs.default === commonjs, esm.named, Object.keys(cjs));
  console.log(require.main === module, commonjs.main, esm.main);
  await import('./parts/none.mjs').catch((e) => console.log(e.code));
  await import('./parts/broken.mjs').catch((e) => console.log(e.name, e.message));
  try { require('./parts/broken.cjs'); } catch (e) { console.log(e.name, e.message); }
})();
