// same: core
async function f(x) { return x; }
async function all() {
  const a = await(f(1)); const b = await+1; const c = await[2][0]; const d = await`t`; const e = await{ v: 3 }.v; const g = await/r/.source;
  const h = -await f(4), i = !await f(0), j = typeof await f(''), k = void await f(1), l = [await f(5), ...await f([6])], m = { [await f('k')]: await f(7), ...await f({ s: 1 }) };
  const n = (await f(f))(8) instanceof Promise, o = await f(1) ? await f(2) : await f(3), p = await f(null) ?? await f(9), q = `${await f('x')}${await f('y')}`;
  let r = 1; r += await f(2); r **= await f(2); r ||= await f(0); r &&= await f(r + 1); let s; s ??= await f('s'); const t = (await f({ u: { v() { return this.w; }, w: 'w' } }))?.u?.v?.();
  const u = await await f(await f(await(1))), v = (await f(1), await f(2)), w = new (await f(Date))(0).getTime(), x = await f`tag`, y = (await f([1, 2]))[await f(1)], z = await f(1) in { 1: 1 };
  console.log(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z);
}
all();
