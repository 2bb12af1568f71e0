exports.load = async () => { await null; return 'one'; };
exports.main = require.main === module;
