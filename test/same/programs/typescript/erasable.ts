interface Shape { readonly area: number } type Maybe<T> = T | undefined;
const square = async <T extends number>(side: T): Promise<Shape> => { await null; return { area: side * side } satisfies Shape as Shape; };
class Box<T> { readonly items: T[] = []; private count?: number; declare later: string; async add(this: Box<T>, item: T, ...more: T[]): Promise<this> { await null; this.items.push(item!, ...more); return this; } get size(): number { return this.items.length; } static async of<U>(...all: U[]): Promise<Box<U>> { const box = new Box<U>(); for await (const one of all as Iterable<U>) await box.add(one); return box; } }
async function main(): Promise<void> { const found: Maybe<Shape> = await square(3); console.log(found?.area, (await Box.of<number>(1, 2)).size, Object.keys(new Box())); try { throw new Error('typed') as Error; } catch (error: unknown) { console.log((error as Error).message); } }
main();
