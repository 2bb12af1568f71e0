// same: needs=file
const { writeFileSync } = require('node:fs');
writeFileSync(`${__dirname}/made.cjs`, 'async function f() { await 1 }\nlet x = = 2;\n');
try { require('./made.cjs'); } catch (error) { console.log(error.name, error.message, error.stack.replaceAll(__dirname, '')); }
