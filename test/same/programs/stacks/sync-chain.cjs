// same: core
function one() { two(); }
function two() { three(); }
function three() { throw new Error('three'); }
try { one(); } catch (error) { console.log(error.stack.split('\n').slice(0, 4).join('\n')); }
