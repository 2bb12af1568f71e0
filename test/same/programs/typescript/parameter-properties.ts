// same: needs=compiler
class A { y = this.x + 1; constructor(public x: number, private readonly z: string, protected w?: number) {} async m() { await null; return [this.x, this.y, this.z, this.w, Object.keys(this)]; } } class B extends A { own = 'own'; constructor(public v = 5) { super(v, 'z'); } }
new A(1, 'z').m().then((all) => console.log(all)); new B().m().then((all) => console.log(all));
