#!/usr/bin/env node
'use strict'
// CommonJS with a hashbang and a directive without a semicolon.
const wait = async () => { await null; return this === module.exports }
async function main() { 'use strict'
  console.log(await wait(), require.main === module, typeof require.cache, __filename.endsWith('commonjs.cjs'))
}
main().then(() => console.log('done'))
