// same: needs=compiler
namespace Outer { export const a = 1; export namespace Inner { export async function f() { await null; return a + 1; } } export interface OnlyType { x: number } } namespace Outer { export const b = a + 10; } class Merged { x = Merged.y; } namespace Merged { export const y = 2; } function fn() { return fn.extra; } namespace fn { export const extra = 'extra'; } namespace OnlyTypes { export type T = number }
async function main() { console.log(Outer.a, await Outer.Inner.f(), Outer.b, new Merged().x, fn()); } main();
