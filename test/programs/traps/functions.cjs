// What a function can see (this, arguments, super, its own name, new.target) does not change.
'use strict';
class Base {
  async load(x) { return `base ${await x}`; }
  static async make() { return new this(); }
}
class Derived extends Base {
  #secret = 'secret';
  field = async () => this.#secret;
  async load(x) { return (await super.load(x)) + (await this.#hidden()); }
  async #hidden() { return ' ' + (await this.field()); }
  get lazy() { return async () => super.load(await 3); }
  async ['computed' + 1]() { return arguments.length; }
  static async *items() { yield await 1; yield* [2, 3]; }
}
async function args() { arguments[0] = 5; return [arguments.length, await arguments[0], this === undefined]; }
const object = { async method() { return this === object; }, async *gen() { yield 1; }, inner: { async f() { return await this.g; }, g: 7 } };
(async () => {
  const d = await Derived.make();
  console.log(await d.load(1), await d.lazy(), await d.computed1(1, 2), d instanceof Derived);
  console.log(await args(1, 2, 3), await object.method(), await object.inner.f());
  for await (const item of Derived.items()) console.log(item);
  console.log(Object.getPrototypeOf(args).constructor.name, args.name, args.length, object.method.name, d.computed1.name);
  console.log(require('util').types.isAsyncFunction(args), 'prototype' in args);
  try { new args(); } catch (error) { console.log(error.message); }
})();
