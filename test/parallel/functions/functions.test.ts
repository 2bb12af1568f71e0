import { strict as assert } from 'node:assert';
import { runInThisContext } from 'node:vm';
import { describe, it } from 'mocha';
import { findExportName } from '../../../runtime/parallel/functions/export-name.ts';
import { freeNames } from '../../../runtime/parallel/functions/free-names.ts';
import { locateFunction } from '../../../runtime/parallel/functions/locate-function.ts';
import { square } from '../worker-functions.ts';

describe('the names that a function captures from around itself', () => {
  const rows: readonly (readonly [source: string, ...names: string[]])[] = [
    ['(x) => x * 2'],
    ['x => x * factor', 'factor'],
    ['async (a, { b, c: d = a }, [e, ...f], ...g) => a + b + d + e + f + g'],
    ['({ a = outer }) => a', 'outer'],
    ['function f(n) { return n < 2 ? n : f(n - 1); }'],
    ['function* () { let i = 0; while (true) yield i++; }'],
    ['() => Math.max(...[1, 2].map((n) => n + JSON.stringify({ n, m: n }).length))'],
    [
      '() => { for (const [key, value] of Object.entries({})) console.log(key, value); for (let i = 0; i < 3; i++) i; }',
    ],
    ['() => { try { risky(); } catch (error) { throw error; } }', 'risky'],
    ['() => { try { JSON.parse(""); } catch { return null; } }'],
    ['(o) => o.factor + o?.other + o["third"]'],
    ['() => ({ factor: 1, method() { return this.factor; }, get g() { return 2; }, async *h() {} })'],
    ['(n) => ({ n, factor })', 'factor'],
    ['() => `${inner} and ${`${(() => deep)()}`}`', 'inner', 'deep'],
    ['() => "factor" + \'factor\' + /factor[/]/g.source + 4 / 2 / 1 // factor\n /* factor */'],
    ['() => { label: for (;;) { break label; } }'],
    ['() => class A extends Base { #p = 1; static s = 2; m() { return this.#p + super.m(); } }', 'Base'],
    ['() => { class A { x = 1 } return new A().x; }'],
    ['() => this.x', 'this'],
    ['() => arguments.length', 'arguments'],
    ['() => new.target', 'new.target'],
    ['function () { return this.x + arguments.length + new.target; }'],
    ['() => function () { return () => this; }'],
    ['() => import("./other.js")', 'import()'],
    ['() => import.meta.url', 'import.meta'],
    ['() => require("node:fs").readFileSync'],
    ['() => require("./local")', 'require'],
    ['(name) => require(name)', 'require'],
    ['() => eval("1")', 'eval'],
    ['() => { var a = 1; if (a) { var b = a; } return b; }'],
    ['() => { let a = 1, b = a, c = outer; return a + b + c; }', 'outer'],
    ['() => { { let hidden = 1; hidden; } return hidden; }', 'hidden'],
    ['() => typeof window === "undefined"', 'window'],
    ['async () => { for await (const x of source) await x; }', 'source'],
    ['(of, async, get) => of + async + get'],
    ['() => ((a) => a)(free) + ((a) => a)(1)', 'free'],
  ];
  for (const [source, ...names] of rows) {
    it(`are ${names.length === 0 ? 'none' : names.join(', ')} in ${JSON.stringify(source)}`, () => {
      assert.deepEqual(
        freeNames(source).map(({ name }) => name),
        names,
      );
    });
  }
});

describe('the name under which a module exports a function', () => {
  const rows: readonly (readonly [module: string, fn: string, name: string | null])[] = [
    ['export function f() {}', 'function f() {}', 'f'],
    ['export async function f() {}', 'async function f() {}', 'f'],
    ['export function* f() {}', 'function* f() {}', 'f'],
    ['export default function () {}', 'function () {}', 'default'],
    ['export const f = (x) => x;', '(x) => x', 'f'],
    ['const f = (x) => x;\nexport { f };', '(x) => x', 'f'],
    ['function f() {}\nexport { a as b, f as g };', 'function f() {}', 'g'],
    ['function f() {}\nexport default f;', 'function f() {}', 'default'],
    ['function f() {}', 'function f() {}', null],
    ['function f() {}\nexport { f } from "./other.js";', 'function f() {}', null],
    ['export const make = () => () => 1;', '() => 1', null],
    ['export const all = [(x) => x];', '(x) => x', null],
    ['export const f = wrap((x) => x);', '(x) => x', null],
    ['export const f = /* @__PURE__ */ __name((x) => x, "f");', '(x) => x', 'f'],
    ['export const f = (x) => x; // a `${comment', '(x) => x', 'f'],
    ['const a=1,f=(x)=>x;export{f as g};', '(x)=>x', 'g'],
    ['export const a = 1, f = (x) => x;', '(x) => x', 'f'],
    ['let f; f = (x) => x;', '(x) => x', null],
    ['export default wrap(a, (x) => x);', '(x) => x', null],
    ['export const f = __name((x) => x, "f");', '(x) => x', 'f'],
    ['const f = (x) => x;\nmodule.exports = f;', '(x) => x', null],
    [vite('__vite_ssr_exportName__("f", () => { try { return f } catch {} });'), '(x) => x', 'f'],
    [
      vite(
        'Object.defineProperty(__vite_ssr_exports__, "g", { enumerable: true, configurable: true, get(){ return f }});',
      ),
      '(x) => x',
      'g',
    ],
    [vite(''), '(x) => x', null],
    [vite('__vite_ssr_exportName__("f", () => { try { return f } catch {} });'), '() => 1', null],
  ];
  for (const [module, fn, name] of rows) {
    it(`is ${String(name)} for ${JSON.stringify(fn)} in ${JSON.stringify(module)}`, () => {
      assert.equal(findExportName(module, module.indexOf(fn)), name);
    });
  }
});

/** A module as vite runs it: f is one of its variables. */
function vite(registered: string): string {
  return `'use strict';async (__vite_ssr_exports__,__vite_ssr_import__)=>{{${registered}
const f = (x) => x;
const made = [() => 1];
}}`;
}

describe('where a function is defined', () => {
  it('is given by its file and by its text in it', () => {
    for (const fn of [square, (n: number) => n + 1, async function named() {}]) {
      const { url, source, offset, line, column } = locateFunction(fn)!;
      assert.match(url, /^file:.*\.js$/);
      assert.equal(source.slice(offset).startsWith(String(fn)), true);
      assert.equal(source.split('\n')[line]!.slice(column).length > 0, true);
    }
  });
  it('is given with the line and the column of its first character', () => {
    // V8 tells where the parameters are, three lines below.
    const script = 'const before = 1;\n  (function\nadd\n\n(n) { return n + before; })';
    const { line, column, offset } = locateFunction(
      runInThisContext(script, { filename: 'add.js' }) as object,
    )!;
    assert.deepEqual([line, column, offset], [1, 3, 21]);
  });
  it('is not known of a native function', () => {
    assert.equal(locateFunction(Math.max), null);
  });
});
