import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { asWritten } from '../../../../runtime/agent/node/instrument/compiled-text.ts';
import { findCallbacks } from '../../../../runtime/agent/node/instrument/callbacks.ts';
import { namesByPlace } from '../../../../runtime/agent/node/instrument/names-by-place.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

function namesOf(source: string): string[] {
  const { program, error } = parse('/a.js', source, 'js', 'script');
  assert.equal(error, null);
  return [...namesByPlace(program, source).values()];
}

describe('an async function without a name', () => {
  for (const [what, source, expected] of [
    ['by the text of the call', `app.get('/user/:id', async (r) => f(r))`, [`get('/user/:id') callback`]],
    ['as a test by its title', `test("adds", async () => f())`, [`test("adds")`]],
    ['as a test of a table', `it.each(rows)('adds %i', async (n) => f(n))`, [`it('adds %i')`]],
    ['by a call that a compiler wrote', `(0,m.test)("adds", async () => f())`, [`test("adds")`]],
    [
      'as what is called at once',
      '(async () => f())(); (async function () { f() })()',
      Array(2).fill('async block'),
    ],
    ['as the module that a runner put it around', `"use strict";(async (require) => { f() })`, ['<module>']],
  ] as const) {
    it(`is called ${what}`, () => assert.deepEqual(namesOf(source), expected));
  }

  for (const [what, source] of [
    ['its call says nothing by a text', 'list.map(async (x) => f(x)); p.then(async () => f())'],
    ['it has a name', `on('x', async function load() { f() }); const g = async () => f()`],
    ['it makes a promise', `new Promise(async (resolve) => resolve(f()))`],
    ['it is all that a file has, and takes nothing', '(async () => f())'],
    ['the text is of several lines', 'sql(`a\nb`, async () => f())'],
  ] as const) {
    it(`is left as it is where ${what}`, () => assert.deepEqual(namesOf(source), []));
  }

  it('has a long title cut off', () => {
    const [name] = namesOf(`test("${'long '.repeat(40)}", async () => f())`);
    assert.match(name!, /^test\("long .*…"\)$/);
    assert.ok(name!.length < 80);
  });
});

describe('the callbacks of a test file', () => {
  it('go by their titles, and what a compiler put in is none', () => {
    const source = `describe("sums", () => { test.only("adds", () => { f() }) }); __exportAs__("f", () => { f() });`;
    const { program } = parse('/a.mjs', source, 'js', 'module');
    const names = [...findCallbacks(program, source).values()].map(({ name }) => name);
    assert.deepEqual(names, ['describe("sums")', 'test("adds")']);
  });
});

describe('a text that a compiler wrote', () => {
  for (const [text, written] of [
    ['(0,__vi_import_0__.sleep)(5)', 'sleep(5)'],
    ['__vite_ssr_import_2__.default.load()', 'default.load()'],
    ['(0, util_1.promisify)(f)', 'promisify(f)'],
    ['(0,_queue_js__WEBPACK_IMPORTED_MODULE_3__.take)(q)', 'take(q)'],
    ['__vite_ssr_import__("/src/a.ts", {"importedNames":["a"]})', 'import("/src/a.ts")'],
    ['__vite_ssr_dynamic_import__("./a")', 'import("./a")'],
    ['Promise.all([a(), b.c()])', 'Promise.all([a(), b.c()])'],
    ['db.__run(1)', 'db.__run(1)'],
  ] as const) {
    it(`is shown as people write it: ${written}`, () => assert.equal(asWritten(text), written));
  }
});
