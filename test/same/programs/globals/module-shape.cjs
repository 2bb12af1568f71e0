// same: needs=file
const Module = require('node:module');
console.log(module.children.length, Object.keys(require.cache).length, require.main === module, module.paths.length > 0, Object.keys(require.extensions), module.parent, Object.keys(module).join(), Module._extensions['.js'].name, Module._extensions['.js'].length, Module.prototype._compile.length, Module.prototype._compile.name, Module._load.name, Module._resolveFilename.name, require.toString().length, arguments.length);
