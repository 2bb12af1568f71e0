// same: needs=file
const Module = require('node:module'); const fs = require('node:fs'); const before = Module._extensions['.js']; fs.writeFileSync(`${__dirname}/hooked.js`, 'REPLACED');
Module._extensions['.js'] = function (module, filename) { if (!filename.endsWith('hooked.js')) return before(module, filename); module._compile(`module.exports = async (x) => { await null; return new Error(x).stack.split('\\n').slice(0, 2).join('\\n'); };`, filename); };
require('./hooked.js')('hooked').then((text) => console.log(text.replace(__dirname, '')));
