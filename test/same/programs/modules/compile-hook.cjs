// same: needs=file
const Module = require('node:module'); const { _compile } = Module.prototype; const seen = []; Module.prototype._compile = function (text, filename) { seen.push([text.length, text.includes('$p'), filename.split('/').pop()]); return _compile.call(this, text.replace('++exports.n', 'exports.n += 10'), filename); };
require('./parts/counter.cjs').next().then((n) => console.log(n, seen));
