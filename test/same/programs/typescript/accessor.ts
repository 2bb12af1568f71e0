// same: needs=compiler
class A { accessor x = 1; static accessor y = 'static'; async m() { await null; this.x++; return this.x; } } new A().m().then((v) => console.log(v, A.y, Object.keys(new A()), Object.getOwnPropertyNames(A.prototype)));
