// Experimental decorators and a namespace with values: these need a transformer, and lines move.
function twice(_target: object, _key: string, property: PropertyDescriptor): void {
  const method = property.value as (x: number) => Promise<number>;
  property.value = async function (this: unknown, x: number): Promise<number> { return 2 * (await method.call(this, x)); };
}
namespace Tools { export const base = 20; export async function add(x: number): Promise<number> { return base + (await x); } }
class Service {
  @twice
  async get(x: number): Promise<number> { return await Tools.add(x); }
  async where(): Promise<string> { await null; return new Error('here').stack!.split('\n')[1]!.replace(/^.*service/, 'service'); }
}
console.log(await new Service().get(1), await new Service().where());
