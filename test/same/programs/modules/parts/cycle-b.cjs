const a = require('../cycle.cjs'); exports.seen = Object.keys(a); exports.later = async () => { await null; return Object.keys(a); };
