// Types that can be blanked out, in the places where a blank could change what is read.
import { type Stats, statSync as stat } from 'node:fs';
import type { Server } from 'node:http';
interface Shape { readonly kind: string }
type Maybe<T> = T | undefined
abstract class Animal<T = unknown> implements Shape {
  readonly kind = 'animal'
  declare phantom: string
  private static count?: number
  protected value!: T
  public ['computed'] = 1 as const
  public *items(): Generator<number> { yield 1 }
  abstract speak(): string
  async load<U extends T>(this: Animal<T>, x?: U, ...rest: U[]): Promise<U | undefined> { return await x! as U }
  overloaded(x: string): string
  overloaded(x: number): number
  overloaded(x: any): any { return x }
}
class Dog extends Animal<number> { override speak(): string { return 'woof' } }
const wide = async <
  T,
>(x: T): Promise<
  T
> => x as T
const asserted = async (x: unknown) => <{ a: number }>{ a: x as number }
let definite!: string
const satisfied = { a: 1 } satisfies Record<string, number>
const list = [1, 2] as number[]
;[definite] = ['set']
function isShape(x: unknown): x is Shape { return (x as Shape).kind !== undefined }
function asserts(x: unknown): asserts x is string {}
declare const nowhere: number
declare function nothing(): void
namespace OnlyTypes { export type X = number }
try { await null as unknown; throw 'x' } catch (e: unknown) { console.log(e) }
const dog = new Dog()
console.log(dog.speak(), await dog.load<number>(5), dog.overloaded('o'), await wide<string>('w'), await asserted(3), definite, satisfied.a!, list, isShape(dog), [...dog.items()], Object.keys(dog))
export type { Server }
console.log(typeof stat, (await (async (x: number | string): Promise<void> => {})(1)) satisfies void)
for await (const x of [1, 2] as readonly number[]) console.log(x as number)
asserts('x')
