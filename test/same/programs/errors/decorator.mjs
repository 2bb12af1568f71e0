// same: ends=1
// V8 knows no decorators.
function log(v) { return v; }
class A { @log async m() { await 1; } }
console.log(await new A().m());
