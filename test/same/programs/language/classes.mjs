// same: core
class A {
  #secret = 1; static #count = 0; static s = 'static'; plain = this.#secret + 1; 'quoted key' = 2; 3 = 'number'; [`computed${1}`] = 4; arrow = async () => { await null; return this.#secret; };
  static { this.block = 'block'; try { throw 1; } catch (e) { this.caught = e; } }
  async #hidden() { await null; return ++this.#secret; } async run() { return [await this.#hidden(), #secret in this, await this.arrow()]; }
  static async make() { await null; A.#count++; return new this(); } get value() { return this.#secret; } set value(v) { this.#secret = v; } async *items() { yield this.#secret; yield* [7]; } async 'quoted method'() { return await 1; } async [Symbol.for('s')]() { return await 's'; } async 12() { return await 12; }
  static async *[Symbol.asyncIterator]() { yield 'of the class'; }
}
class B extends A { constructor() { super(); this.b = 1; } async run() { const all = await super.run(); return [...all, await super.value]; } static async make() { const made = await super.make(); return made; } }
const a = await A.make(), b = await B.make(); a.value = 10;
console.log(await a.run(), await b.run(), A.s, A.block, A.caught, a, b, await a['quoted method'](), await a[Symbol.for('s')](), await a[12]());
for await (const item of a.items()) console.log(item); for await (const item of A) console.log(item);
