// same: needs=compiler tsconfig={"useDefineForClassFields":false}
class Base { constructor() { this.init(); } init() {} } class Derived extends Base { other?: string; set = 1; init() { this.other = 'from init'; } async later() { await null; return this.other; } }
const made = new Derived(); made.later().then((v) => console.log(v, Object.keys(made)));
