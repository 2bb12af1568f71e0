// same: needs=file
exports.early = 1; const b = require('./parts/cycle-b.cjs'); exports.late = 2; (async () => { await null; console.log(b.seen, await b.later()); })();
