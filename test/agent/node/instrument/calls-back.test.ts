import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { callsBack } from '../../../../runtime/agent/node/instrument/calls-back.ts';
import { isFunction, type Node } from '../../../../runtime/agent/node/instrument/syntax-tree.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

/** The calls of `done` in `function f(x, done) { … }` that come second: "first → second". */
function repeatedIn(body: string): string[] {
  const source = `function f(x, done) { ${body} }`;
  const { program, error } = parse('/a.cjs', source, 'js', 'commonjs');
  assert.equal(error, null);
  const fn = (program['body'] as Node[]).find(isFunction)!;
  const text = ({ start, end }: Node): string => source.slice(start, end);
  return [...(callsBack(fn)?.repeated ?? [])].map(([call, first]) => `${text(first)} → ${text(call)}`);
}

describe('a callback that is called right behind another call of it', () => {
  for (const [what, body, expected] of [
    ['behind a condition', 'if (x) done(x); done(null)', ['done(x) → done(null)']],
    ['in a block', 'if (x) { log(x); done(x); } done(null)', ['done(x) → done(null)']],
    ['with other code between', 'if (x) done(x); log(x); return done(null)', ['done(x) → done(null)']],
    ['in a function', 'read((e, v) => { if (e) done(e); done(null, v); })', ['done(e) → done(null, v)']],
    ['after a return', 'if (x) return done(x); done(null)', []],
    ['after a block that returns', 'if (x) { done(x); return; } done(null)', []],
    ['in the other branch', 'if (x) done(x); else done(null)', []],
    ['behind what may leave', 'if (x) done(x); if (!x.y) return; done(null)', []],
    ['in a function of its own', 'if (x) done(x); later(() => done(null))', []],
    ['in another case', 'switch (x) { case 1: done(1); break; default: done(2); }', []],
  ] as const)
    it(`is ${expected.length > 0 ? 'found' : 'none'} ${what}`, () => {
      assert.deepEqual(repeatedIn(body), expected);
    });
});
