// `for await` over sync and async iterables: labels, break, continue, return, throw, no braces.
async function* numbers(n) { try { for (let i = 0; i < n; i++) yield i; } finally { console.log('closed'); } }
async function sum(of) { let s = 0; for await (const x of of) s += x; return s; }
async function labels() {
  const seen = [];
  outer: for await (const x of [1, 2, 3])
    for await (const y of numbers(3)) { if (y > x) continue outer; if (x === 3) break outer; seen.push([x, y]); }
  return seen;
}
async function first(of) { for await (const x of of) return x; }
async function dangling(flag) { if (flag) for await (const x of [Promise.resolve(1)]) console.log('one', x); else console.log('none'); }
async function target() { const o = {}; for await (o.x of numbers(2)); for await (const { a = await 1 } of [{}]) o.a = a; return o; }
async function thrown() { try { for await (const x of numbers(3)) throw new Error('from body ' + x); } catch (e) { return e.message; } }
console.log(await sum([1, Promise.resolve(2), 3]), await sum(numbers(4)), await labels(), await first(numbers(2)));
await dangling(true); await dangling(false);
console.log(await target(), await thrown());
for await (const x of [Promise.resolve('top')]) console.log(x)
