/**
 * Generators on request: what is put into them, and that nothing is without the request. The names
 * are written as in instrument.test.ts.
 */
import { equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { removeProbes } from '../../../../runtime/agent/node/contract/remove-probes.ts';
import {
  instrument,
  type InstrumentOptions,
  mayNeedProbes,
} from '../../../../runtime/agent/node/instrument/instrument.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';
import { readPrograms } from '../../../same/program.ts';

function textOf(source: string, options: Partial<InstrumentOptions> = {}): string {
  const base = { path: '/f.js', kind: 'commonjs', typescript: false, jsx: false, depth: 'full' } as const;
  const outcome = instrument(source, { ...base, parse, ...options });
  return outcome.kind === 'instrumented' ? outcome.result.code : outcome.kind;
}

const TABLE = /\nfunction \$simul\$b\(\).*$/;

const emitted = (source: string): string =>
  textOf(source, { generators: true })
    .replace(TABLE, '')
    .replaceAll('/*$simul$*/', '#')
    .replaceAll('$simul$', '$');

/** The body of a generator with these statements. */
const body = (statements: string, done = '#;$K($a);'): string =>
  `function* g() {const $a=($s=0,$Yb($b()));#try{${statements}${done}}finally{$X($a);}}`;

const ROWS: readonly (readonly [title: string, statements: string, text: string, done?: string])[] = [
  ['a yield', ' yield x; ', ' ($t=yield ($t=x,$s=1,$Y($a)),$Yn($a)); '],
  ['a bare yield', ' yield ', ' ($t=yield($t=#void 0,$s=1,$Y($a)),$Yn($a))#; '],
  [
    'what it delegates to, which V8 describes',
    ' yield* f(); ',
    ' ($t=#($s=1,$t=$a,$Y($a),yield* f()#),$Yn($a)); ',
  ],
  [
    'a yield within what it delegates to',
    ' yield* yield x; ',
    ' ($t=yield* ($t=($t=yield ($t=x,$s=2,$Y($a)),$Yn($a)),$s=1,$Y($a)),$Yn($a)); ',
  ],
  ['what is called, which V8 describes', ' (yield x).f(); ', ' (yield ($t=x,$s=1,$Y($a))).f(...$Z($a)); '],
  ['what is taken apart', ' const { a } = yield x; ', ' const { a } = yield ($t=x,$s=1,$Y($a));#;$Rb($a); '],
  [
    'what it returns',
    ' return yield ',
    ' return ($t=($t=yield($t=#void 0,$s=2,$Y($a)),$Yn($a)),$s=1,$V($a))#; ',
    '',
  ],
  [
    'what runs when it is closed, or an error is thrown in',
    ' try { yield x } catch (e) { b } finally { c } ',
    ' try { ($t=yield ($t=x,$s=1,$Y($a)),$Yn($a))#; } catch (e) {$t=e;$C($a); b } finally {$I($a,0); c #;$O($a,0);} ',
  ],
];

describe('generators that are not async, on request', () => {
  for (const [title, statements, text, done] of ROWS)
    it(`have probes around ${title}`, () =>
      equal(emitted(`function* g() {${statements}}`), body(text, done)));

  it('are methods, too, and stand within other functions', () => {
    const source =
      'class A { static *a() { yield } *#b() { yield } } const f = () => function* () { yield };';
    equal(emitted(source).match(/\$Yb\(/g)?.length, 3);
  });

  it('are left alone where the library tells of them, and where two functions have one name', () => {
    equal(
      emitted("import('x'); const { coroutine } = require('simul'); function* g() { yield 1 }").includes(
        '$Yb',
      ),
      false,
    );
    equal(emitted('function* g() { function a() {} function a() {} yield a }'), 'unchanged');
  });

  it('are looked for where a text may hold one that yields', () => {
    const source = 'function* g() { yield 1 }';
    equal(mayNeedProbes(source, true), true);
    equal(mayNeedProbes(source), false);
    equal(mayNeedProbes('const a = 1', true), false);
  });
});

describe('with and without generators on request', () => {
  it('a text is the source again without the probes, and without the request has none of theirs', () => {
    let seen = 0;
    for (const { name, source } of readPrograms()) {
      if (!/\byield\b/.test(source) || name.endsWith('.ts')) continue;
      const kind = name.endsWith('.mjs') ? 'module' : 'commonjs';
      const on = textOf(source, { kind, generators: true });
      if (on.includes('$simul$Yb')) seen++;
      if (TABLE.test(on)) equal(removeProbes(on.replace(TABLE, '')), source, name);
      for (const depth of ['full', 'light'] as const) {
        const off = textOf(source, { kind, depth });
        equal(/\$simul\$Y[bn]\b/.test(off), false, name);
        equal(textOf(source, { kind, depth, generators: false }), off, name);
      }
    }
    equal(seen > 5, true, `${seen} programs have generators`);
  });
});
