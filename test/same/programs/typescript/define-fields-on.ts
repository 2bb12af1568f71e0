// same: needs=compiler tsconfig={"useDefineForClassFields":true}
class Base { set value(v: number) { console.log('setter', v); } get value() { return -1; } constructor() { this.init(); } init() {} } class Derived extends Base { other?: string; init() { this.other = 'from init'; } async later() { await null; return this.other; } }
const made = new Derived(); made.later().then((v) => console.log(v, Object.keys(made)));
