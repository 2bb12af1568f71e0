const make = async (v) => v;
const { a, b: { c = await make(3) } = await make({}), ...rest } = await make({ a: 1, x: 2, y: 3 });
const [d, , e = await make(5), ...f] = await make([4, 0, undefined, 6, 7]);
let g, h; ({ g, [await make('h')]: h } = await make({ g: 8, h: 9 })); [g, h] = [h, g];
for await (const { v, w: [x] = [await make(1)] } of [{ v: 1 }, make({ v: 2, w: [3] })]) console.log(v, x);
try { await Promise.reject({ code: 5, list: [1] }); } catch ({ code, list: [first], none = await make('n') }) { console.log(code, first, none); }
console.log(a, c, rest, d, e, f, g, h);
