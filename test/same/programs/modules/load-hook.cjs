// same: needs=file
const Module = require('node:module'); const { _load, _resolveFilename } = Module; Module._resolveFilename = function (request, ...rest) { return _resolveFilename.call(this, request === 'virtual' ? './parts/counter.cjs' : request, ...rest); }; Module._load = function (request, ...rest) { return request === 'mocked' ? { async m() { return await 'mock'; } } : _load.call(this, request, ...rest); };
(async () => console.log(await require('virtual').next(), await require('mocked').m()))();
