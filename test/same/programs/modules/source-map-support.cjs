// same: needs=file flags=--enable-source-maps
const { findSourceMap } = require('node:module'); console.log(findSourceMap(__filename)); (async () => { await null; console.log(process.sourceMapsEnabled, new Error('x').stack.split('\n')[1]); })();
