module.exports = { ...require('./cjs-shape.cjs'), d: async () => { await 1; } }; module.exports.e = 1; exports.f = 2;
