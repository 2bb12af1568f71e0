// TypeScript that leaves code behind: enums, parameter properties. Node needs a flag for it.
enum Level { Low, High = 10, Higher, Both = Low | High, Text = 'text', Neg = -1, After }
export enum Exported { A = 1 << 2, B, C = A + B }
const enum Inlined { One = 1, Two = One * 2 }
enum Level { More = 99 }
class Point { extra = 'extra'; constructor(public x: number, private readonly y = 2, plain?: string) { console.log(plain) } async sum(): Promise<number> { return (await this.x) + this.y } }
class Point3 extends Point { constructor(x: number, protected z: number) { super(x); this.z++ } }
console.log(JSON.stringify(Level), Exported.C, Inlined.Two, Level[0], await new Point(1).sum(), JSON.stringify(new Point3(1, 5)))
