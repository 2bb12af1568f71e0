exports.a = async () => { await null; }; exports.b = 2; module.exports.c = 3; Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'default';
