/**
 * Text in, text out: the table specifies what is inserted. The names are those of probe-set.ts; the
 * prefix of emitted names is written `$` here, and the comment before a lone character `#`.
 */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  instrument,
  type InstrumentOptions,
  type Instrumented,
} from '../../../../runtime/agent/node/instrument/instrument.ts';
import {
  decodeMappings,
  encodeMappings,
  segmentAt,
} from '../../../../runtime/agent/node/instrument/source-map.ts';
import { removeProbes } from '../../../../runtime/agent/node/contract/remove-probes.ts';
import { hashLine } from '../../../../runtime/trace/format/hash.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

function outcomeOf(source: string, options: Partial<InstrumentOptions> = {}): ReturnType<typeof instrument> {
  return instrument(source, {
    path: '/f.js',
    kind: 'commonjs',
    typescript: false,
    jsx: false,
    depth: 'full',
    parse,
    ...options,
  });
}

function resultOf(source: string, options: Partial<InstrumentOptions> = {}): Instrumented {
  const outcome = outcomeOf(source, options);
  if (outcome.kind !== 'instrumented') throw new Error(JSON.stringify(outcome));
  return outcome.result;
}

/** The emitted text without what every file gets. */
function emitted(source: string, options: Partial<InstrumentOptions> = {}): string {
  return resultOf(source, options)
    .code.replace(/\nfunction \$simul\$b\(\).*$/, '')
    .replaceAll('/*$simul$*/', '#')
    .replaceAll('$simul$', '$');
}

/** Without the probes it is the source again: a program may read the text of a function. */
const isUndone = (source: string): boolean => removeProbes(resultOf(source).code) === source;

const inAsync = (body: string): string => `async () => { ${body} }`;
const instrumentedBody = (body: string, done = '#;$D($a);'): string =>
  `async () => {const $a=($s=0,$E($b())); ${body} ${done}}`;
const guardedBody = (body: string, done = '#;$K($a);'): string =>
  `async () => {const $a=($s=0,$G($b()));#try{ ${body} ${done}}finally{$X($a);}}`;

const bodies: readonly (readonly [title: string, source: string, text: string])[] = [
  ['an await', 'await f(x)', '($t=await ($t=f(x),$s=1,$S($a,f)),$R($a))#;'],
  [
    'a call whose value nobody takes',
    'f(x); void g(); h?.()',
    '($t=f(x),$s=1,$M($b())); void ($t=g(),$s=2,$M($b())); ($t=h?.(),$s=3,$M($b()))#;',
  ],
  ['an element of a list', 'await a[i].f()', '($t=await ($t=a[i].f(),$s=1,$S($a,[a,i])),$R($a))#;'],
  [
    'a call that tells of an event',
    "this.emit('x'); g(() => b.once('y', h));",
    "($t=this.emit('x'),$s=1,$M($b(),this)); ($t=g(() => #{const $a=($s=3,$W($b()));#try{#return " +
      "($t=($t=b.once('y', h),$s=4,$J($b(),b)),$Wr($a))#;}finally{$Wx($a);}#}),$s=2,$M($b()));",
  ],
  ['a new Promise', 'x = new Promise(f);', 'x = ($t=new Promise(f),$s=1,$M($b()));'],
  [
    'what a new Promise is given, as far as it is used',
    "new Promise((r, j) => g(r)); new Promise(function (r, j) { 'use strict'; r(j) });",
    '($t=new Promise((r, j) => ($T(r),($t=g(r),$s=2,$J($b(),g))#)),$s=1,$M($b())); ' +
      "($t=new Promise(function (r, j) { 'use strict';$T(r,j); r(j) }),$s=3,$M($b()));",
  ],
  [
    'a new Promise whose functions cannot be told, or are not used',
    'new Promise(() => {}); new Promise((r) => {}); new Promise((...r) => g(r)); new Promise(async (r) => {});',
    '($t=new Promise(() => {}),$s=1,$M($b())); ($t=new Promise((r) => {}),$s=2,$M($b())); ' +
      '($t=new Promise((...r) => ($t=g(r),$s=4,$J($b(),g))),$s=3,$M($b())); ' +
      '($t=new Promise(async (r) => {const $a=($s=6,$E($b()));#;$D($a);}),$s=5,$M($b()));',
  ],
  [
    'resolvers that are hidden from the first line on, or reached by other ways',
    'new Promise(function (r) { function r() {} r() }); new Promise(function (r) { g(arguments, r) });',
    '($t=new Promise(function (r) { function r() {} r() }),$s=1,$M($b())); ' +
      '($t=new Promise(function (r) { g(arguments, r) }),$s=2,$M($b()));',
  ],
  [
    'functions that a stream calls',
    'class A extends B { _write(c) {} async _flush(d) {} write() {} } class C { _write() {} } ' +
      'new D({ transform() {}, write: (c) => {} }); E._final = function () {}; f({ write() {} })',
    'class A extends B { _write(c) {$s=1,$Tc($b(),this);} async _flush(d) {const $a=($s=2,$E($b()));$s=3,$Tc($b(),this);#;$D($a);} write() {} } class C { _write() {} } ' +
      '#;($t=new D({ transform() {$s=6,$Tc($b(),this);}, write: (c) => {} }),$s=4,$M($b())); E._final = function () {$s=7,$Tc($b(),this);}; ($t=f({ write() {} }),$s=8,$M($b()))#;',
  ],
  [
    'a promise with its resolvers',
    'const { promise, resolve } = Promise.withResolvers();',
    'const { promise, resolve } = ($t=Promise.withResolvers(),$s=1,$M($b()));',
  ],
  [
    'an await in an await',
    'await f(await x);',
    '($t=await ($t=f(($t=await ($t=x,$s=2,$S($a)),$R($a))),$s=1,$S($a,f)),$R($a));',
  ],
  [
    'a method of what was awaited, with the probe that resumes among the arguments',
    'v = (await x).a.b(), (await x)(1), (await x).c(...l), o[await x](), new (await x)(y => y);',
    [
      'v = (await ($t=x,$s=1,$S($a))).a.b(...$Z($a)),',
      '(await ($t=x,$s=2,$S($a)))(($Rb($a),1#)),',
      '(await ($t=x,$s=3,$S($a))).c(...($Rb($a),l#)),',
      'o[await ($t=x,$s=4,$S($a))](...$Z($a)),',
      'new (await ($t=x,$s=5,$S($a)))(($Rb($a),y => y#));',
    ].join(' '),
  ],
  [
    'what was awaited and is taken apart, with the probe that resumes behind the statement',
    'const { a, b: [c = 1] } = await x; ({ a } = await x)',
    'const { a, b: [c = 1] } = await ($t=x,$s=1,$S($a));#;$Rb($a); ({ a } = await ($t=x,$s=2,$S($a)))#;$Rb($a);',
  ],
  [
    'what was awaited, where code of the user’s may run before the next statement',
    'const { a = f() } = await x; v = (await x)?.a(), (await x)[k](y);',
    [
      'const { a = f() } = ($t=await ($t=x,$s=1,$S($a)),$R($a));',
      'v = (($t=await ($t=x,$s=2,$S($a)),$R($a)))?.a(),',
      '(($t=await ($t=x,$s=3,$S($a)),$R($a)))[k](y);',
    ].join(' '),
  ],
  ['a template', '`${await x}`', '`${($t=await ($t=x,$s=1,$S($a)),$R($a))}`'],
  ['a catch without a name', 'try {} catch { x }', 'try {} catch #($e){$t=$e;$C($a); x }'],
  ['a catch with a name', 'try {} catch (e) { x }', 'try {} catch (e) {$t=e;$C($a); x }'],
  [
    'a catch that destructures the error',
    'try {} catch ({ a, b = 1 }) { x }',
    'try {} catch ($e){$t=$e;$C($a);#let { a, b = 1 }=$e;if(1) { x }#}',
  ],
  ['a finally', 'try {} finally { x }', 'try {} finally {$I($a,0); x #;$P($a,0);}'],
  [
    'a finally in a finally and one around a return',
    'try { return x; } finally { try {} finally {} }',
    'try { return ($t=x,$s=1,$V($a)); } finally {$I($a,0); try {} finally {$I($a,1);#;$P($a,1);} #;$P($a,0);}',
  ],
  [
    'for await',
    'for await (const x of y) { z }',
    '#{for await (const x of ($t=y,$s=1,$L($a))) {$N($a); z }#;$N($a);#}',
  ],
  [
    'for await with a label and without braces',
    'a: for await (x of y) z();',
    '#{a: for await (x of ($t=y,$s=1,$L($a))) #{$N($a);($t=z(),$s=2,$M($b()));#}#;$N($a);#}',
  ],
  [
    'a statement that a parenthesis would join to the one before',
    'x\nawait y\nz = async () => {}\nawait y',
    'x\n#;($t=await ($t=y,$s=1,$S($a)),$R($a))#;\nz = async () => {const $a=($s=2,$E($b()));#;$D($a);}\n' +
      '#;($t=await ($t=y,$s=3,$S($a)),$R($a))#;',
  ],
];

const returns: readonly (readonly [source: string, text: string])[] = [
  ['return x', 'return ($t=x,$s=1,$Q($a))#;'],
  ['return;', 'return($t=#void 0,$s=1,$Q($a));'],
  ['return a, b;', 'return ($t=#(a, b#),$s=1,$Q($a));'],
  ['return(await x);', 'return($t=(await ($t=x,$s=2,$S($a))),$s=1,$Q($a));'],
];

describe('instrumented text', () => {
  for (const [title, source, text] of bodies) {
    it(`has probes around ${title}`, () => {
      equal(emitted(inAsync(source)), instrumentedBody(text));
      ok(isUndone(inAsync(source)));
    });
  }

  for (const [source, text] of returns) {
    it(`marks how a function returns: ${source}`, () =>
      equal(emitted(inAsync(source)), instrumentedBody(text, '')));
  }

  it('guards a body in light depth, and where the user’s code runs after the return', () => {
    equal(emitted(inAsync('x'), { depth: 'light' }), guardedBody('x'));
    equal(
      emitted(inAsync('for (x of y) return;')),
      guardedBody('for (x of y) return($t=#void 0,$s=1,$V($a));'),
    );
    equal(emitted(inAsync('using x = y')), guardedBody('using x = y'));
    for (const parameters of ['a = f()', '{ a }', '[a]', '...[a]']) {
      match(emitted(`async (${parameters}) => {}`), /\$G/);
    }
    match(emitted('async (a, b = 1, c = {}, ...d) => {}'), /\$E/);
  });

  it('keeps a bare return of a generator bare: it would wait a turn for a value', () => {
    equal(
      emitted('async function* f() { if (x) return; }'),
      'async function* f() {const $a=($s=0,$G($b()));#try{ if (x) #{$K($a);return;#} #;$K($a);}finally{$X($a);}}',
    );
  });

  it('gives an arrow with an expression a body, and keeps its parentheses', () => {
    equal(
      emitted('async () => ({})'),
      'async () => #{const $a=($s=0,$E($b()));#return ($t=({}),$s=1,$Q($a))#;#}',
    );
  });

  it('has probes around what an async generator yields, and leaves other generators alone', () => {
    equal(
      emitted('async function* g() { yield; yield* x; }\nfunction* h() { yield 1 }'),
      'async function* g() {const $a=($s=0,$G($b()));#try{ ($t=yield($t=#void 0,$s=1,$Y($a)),$R($a)); ' +
        '($t=yield* ($t=x,$s=2,$Y($a)),$R($a)); #;$K($a);}finally{$X($a);}}\nfunction* h() { yield 1 }',
    );
  });

  it('tells the library the site of a yield of a coroutine and of each of its calls', () => {
    const source = [
      `const { spawn, Queue } = require('simul');`,
      'const q = new Queue({ capacity: 1 });',
      'spawn(function* f() { const x = yield* q.get(); yield; yield a, b; return x; });',
      'spawn?.(f); other(function* () { yield 1; });',
    ].join('\n');
    equal(
      emitted(source),
      [
        `const { spawn, Queue } = require('simul');`,
        'const q = new ($t=Queue,$s=0,$A($b()))({ capacity: 1 });',
        '($t=spawn,$s=1,$A($b()))(function* f() { const x = yield* ($t=q.get(),$s=2,$A($b())); ' +
          'yield($t=#void 0,$s=3,$A($b())); yield ($t=a,$s=4,$A($b())), b; return x; });',
        '($t=spawn,$s=5,$A($b()))?.(f); other(function* () { yield ($t=1,$s=6,$A($b())); });',
      ].join('\n'),
    );
    equal(outcomeOf(`function* f() { yield* g(); }`).kind, 'unchanged');
  });

  it('keeps directives first', () => {
    equal(
      emitted("'use strict'\nasync function f() { 'use strict'\n x }"),
      "'use strict'\nasync function f() { 'use strict'#;const $a=($s=0,$E($b()));\n x #;$D($a);}",
    );
  });

  it('makes a module that awaits at its top level an activation', () => {
    equal(
      emitted('await x // end', { kind: 'module' }),
      'const $a=($s=0,$G($b()));($t=await ($t=x,$s=1,$S($a)),$R($a))#;#;$D($a); // end',
    );
  });

  it('declares nothing at the top level of a plain script, and keeps its directives', () => {
    const text = emitted("'use strict'; var f = async () => {}", { kind: 'script' });
    match(
      text,
      /^'use strict'; \$F\("\/f\.js",".*","(\w+)"\);var f = async \(\) => \{const \$a=\(\$s=0,\$E\(\$B\("\1"\)\)\);#;\$D\(\$a\);\}$/,
    );
  });

  it('takes the body of a function: it may return, and `await` is a name', () => {
    match(
      emitted('var await = 1; return async () => x', { kind: 'function' }),
      /^var await = 1; return async/,
    );
    deepEqual(outcomeOf('return async () => x', { kind: 'script' }).kind, 'refused');
  });

  it('is refused a source that holds the prefix of its names', () => {
    deepEqual(outcomeOf('async () => "$simul$"'), { kind: 'refused', why: 'holds the name $simul$' });
  });

  it('never moves a line', () => {
    const source = '#!/usr/bin/env node\n// c\r\nasync () => {\n\tawait a\n}\u2028await\n';
    const lines = (text: string): number => text.split(/\r\n|[\n\r\u2028\u2029]/).length;
    equal(lines(emitted(source)), lines(source));
  });

  it('leaves alone guarded functions that declare a name twice, and files with `with`', () => {
    const twice = 'async () => { function f() {} function f() {} await f(); }';
    deepEqual(outcomeOf(twice, { depth: 'light' }).kind, 'unchanged');
    equal(outcomeOf(twice).kind, 'instrumented');
    deepEqual(outcomeOf('with (x) async () => await 1'), { kind: 'refused', why: 'has a `with` statement' });
  });

  it('refuses a file that does not parse, and names the line', () => {
    const refused = outcomeOf('// é\n\nasync function x( {\n  await 1;\n}');
    match(refused.kind === 'refused' ? refused.why : refused.kind, /^does not parse: line 4: \S/);
    equal(outcomeOf('async () => { await = }').kind, 'refused');
    equal(outcomeOf('async () => { let a; let a }').kind, 'refused');
  });
});

describe('a file’s sites', () => {
  it('name a function by what the text tells, and what it may be to a stream beside that', () => {
    const names = (source: string): (readonly [string, string])[] =>
      resultOf(source, {}).sites.map(({ role, fn }) => [role, fn] as const);
    deepEqual(names('function suite() { before(async function (done) { await f() }) }'), [
      ['function', ANONYMOUS],
      ['call', 'suite.flush'],
      ['await', ANONYMOUS],
    ]);
    deepEqual(names('function load() { return new Promise(async (resolve) => { await f() }) }').slice(1), [
      ['function', 'executor of load'],
      ['await', 'executor of load'],
    ]);
  });

  it('have a place, a function and the awaited text', () => {
    const source = 'class Store {\n  async load(id) {\n    return await this.db.get(  id  ) }\n}';
    const [entry, returned, awaited] = resultOf(source).sites;
    deepEqual([entry?.role, entry?.fn, entry?.line, entry?.column], ['function', 'Store.load', 2, 13]);
    deepEqual([returned?.role, returned?.text], ['return', 'await this.db.get( id )']);
    deepEqual(
      [awaited?.role, awaited?.text, awaited?.direct, awaited?.line, awaited?.column],
      ['await', 'this.db.get( id )', true, 3, 12],
    );
  });

  it('name functions as V8 does, and those that are called at once', () => {
    const source =
      'const a = async () => 1; x.y = async function () {}; ({ m: async () => 1, async n() {} });' +
      'class K { static #s = async () => 1; async ["c" + 1]() {} } (async () => 1)(); async function z(q = async () => 1) {}';
    const names = resultOf(source).sites.filter(({ role }) => role === 'function');
    deepEqual(
      names.map(({ fn }) => fn),
      ['a', 'x.y', 'm', 'n', 'K.#s', 'K.["c" + 1]', 'async block', 'q', 'z'],
    );
  });

  it('are those of the source that the file was compiled from, where its map says so', () => {
    const lines = [[{ column: 0, source: 0, originalLine: 9, originalColumn: 4 }]];
    const textOf = (): string => ' async (): Promise<number> => 1';
    const { sites, code } = resultOf('async () => 1', {
      inputSourceMap: { sources: ['/src/f.ts'], lines, textOf },
    });
    equal(sites[0]?.lineHash, hashLine(textOf()));
    deepEqual([sites[0]?.line, sites[0]?.column], [10, 5]);
    match(code, /\$simul\$F\("\/src\/f\.ts"/);
  });
});

const ANONYMOUS = '<anonymous>';

const types: readonly (readonly [source: string, text: string])[] = [
  ['let a: T = b as U', 'let a    = b     ;'],
  ['x as T\n[0]', 'x     ;\n[0]'],
  ['interface A { a: 1 }\n(x)', ';                   \n(x)'],
  ['import { type A, b } from "c"; b', 'import {         b } from "c"; b'],
  ['import { A, b } from "c"; b as A', 'import {    b } from "c"; b     ;'],
  ['interface A {}\nexport { A }', ';             \nexport {   }'],
  ['class A { private readonly a?: T = 1 }', 'class A { ;                a     = 1 }'],
  ['class A { x = 1\n public [y] = 2 }', 'class A { x = 1\n ;      [y] = 2 }'],
  ['function f(this: T, a?: U): V {}', 'function f(         a    )    {}'],
  ['const f = (a): P<\nT> => a', 'const f = (a     \n ) => a'],
  ['const f = () => <T>{}', 'const f = () => (  {})'],
  ['z = f<T>(x!, y satisfies T)', 'z = f   (x , y            )'],
  [
    'enum E { A, B = A + 2, C }',
    'var E; (function (E)        { E[E["A"] = 0] = "A";       E[E["B"] = E.A + 2] = "B";  E[E["C"] = 3] = "C";  })(E || (E = {}));',
  ],
  ['const d = Promise.withResolvers<T>()', 'const d = ($t=Promise.withResolvers   (),$s=0,$M($b()))#;'],
  ['const p = new Promise<T>(f)', 'const p = ($t=new Promise   (f),$s=0,$M($b()))#;'],
  ['class A { constructor(private a: T) {} }', 'class A { a; constructor(        a   ) {; this.a = a;} }'],
];

describe('TypeScript', () => {
  for (const [source, text] of types) {
    it(`becomes JavaScript in its place: ${JSON.stringify(source)}`, () =>
      equal(emitted(source, { typescript: true, kind: 'module' }), text));
  }

  const folded = (source: string, given: Partial<InstrumentOptions> = {}): string =>
    emitted(source, { typescript: true, kind: 'module', ...given })
      .replace(/\s+/g, ' ')
      .replace(/ ;/g, ';')
      .trim();

  it('keeps of its imports what is used as a value, and no import for types alone', () => {
    equal(folded("import { T } from 'm'; let x: T"), '; let x;');
    equal(folded("import D, { T, v } from 'm'; v(D as T)"), "import D, { v } from 'm'; v(D )");
    equal(folded("import D, * as all from 'm'; D()"), "import D from 'm'; D()");
    equal(folded("import D, { v } from 'm'; v()"), "import { v } from 'm'; v()");
    equal(folded("import {} from 'm'; import 'n'; let x: T"), "import {} from 'm'; import 'n'; let x;");
  });

  it('keeps each import that is not marked, where the project says so', () => {
    const types = { keepsImports: true, definesFields: true };
    const source = "import { T } from 'm'; import { type U } from 'n'; let x: T";
    equal(folded(source, { types }), "import { T } from 'm';; let x;");
  });

  it('exports no type as the default', () => {
    equal(folded('interface I {} export default I; let x: I'), ';; let x;');
    equal(
      folded('class I {} interface I {} export default I; let x: I'),
      'class I {}; export default I; let x;',
    );
  });

  it('defines a field without a value, unless the project says otherwise', () => {
    const source = 'class A { a: T; static b?: T; #c?: T; d = 1 }';
    equal(folded(source), 'class A { a; static b; #c; d = 1 }');
    const types = { keepsImports: false, definesFields: false };
    equal(folded(source, { types }), 'class A {;; #c; d = 1 }');
  });

  it('makes a getter and a setter of an accessor', () => {
    equal(
      folded('class A { static accessor z: T = 5; accessor #y }'),
      'class A { static #z_value = 5; static get z() { return this.#z_value; } ' +
        'static set z(value) { this.#z_value = value; } ' +
        '#y_value; get #y() { return this.#y_value; } set #y(value) { this.#y_value = value; } }',
    );
  });

  it('that blanks cannot remove is refused without a transformer', () => {
    deepEqual(outcomeOf('namespace A { export const a = 1 }', { typescript: true }), {
      kind: 'refused',
      why:
        'it holds a namespace, which Simul does not compile; trace it as the project runs it, ' +
        'for instance: simul trace -- npx tsx FILE',
    });
  });
});

describe('the map of emitted text', () => {
  it('leads every token back to where it stands in the source', () => {
    const source = 'async function f() { try { await a(b); } catch { throw new Error(await zz) } }';
    const { code, positions } = resultOf(source);
    for (const token of ['a(b)', 'throw', 'new', 'Error', 'zz']) {
      const segment = segmentAt(positions, 0, code.indexOf(token));
      equal(segment?.originalColumn, source.indexOf(token), token);
    }
    notEqual(code.indexOf('throw'), source.indexOf('throw'));
  });

  it('is the same after writing and reading', () => {
    const { positions } = resultOf('const a = 1;\n\nasync () => {\n  await a }\n');
    deepEqual(decodeMappings(encodeMappings(positions)), positions);
  });
});
