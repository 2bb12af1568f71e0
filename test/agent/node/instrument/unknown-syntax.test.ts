import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { syntaxOfV8, unknownSyntax } from '../../../../runtime/agent/node/instrument/unknown-syntax.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

const NODE_20 = syntaxOfV8('11.3.244.8-node.33');
const NODE_24 = syntaxOfV8('13.6.233.10-node.28');

function unknownIn(source: string, v8 = NODE_20): string | null {
  const { program, error } = parse('file.mjs', source, 'js', 'module');
  assert.equal(error, null);
  return unknownSyntax(source, program, v8);
}

describe('Syntax that V8 does not know', () => {
  it('is told where the parser takes it', () => {
    assert.equal(unknownIn('async function f() { await using file = g(); }'), 'a `using` declaration');
    assert.equal(unknownIn('if (a) { using file = g(); }'), 'a `using` declaration');
    assert.equal(unknownIn('@log class A {}', NODE_24), 'a decorator');
    assert.equal(unknownIn('class A { @log m() {} }', NODE_24), 'a decorator');
    assert.equal(unknownIn('import defer * as a from "a";', NODE_24), 'an `import defer`');
  });

  it('is none where it stands in a text or a comment, or V8 knows it', () => {
    assert.equal(unknownIn('{ using file = g(); }', NODE_24), null);
    assert.equal(unknownIn('/** @param using it */ const using = "@log class"; // @log'), null);
    assert.equal(unknownIn('const a = /(?:using)@x(?<name>b)\\k<name>/u;'), null);
    assert.equal(unknownIn('import.meta; const deferred = import("a");'), null);
  });

  it('is a pattern that this V8 refuses', () => {
    const isKnown = (): boolean => {
      try {
        return Boolean(new RegExp('(?i:a)'));
      } catch {
        return false;
      }
    };
    assert.equal(unknownIn('const a = /(?i:a)/;'), isKnown() ? null : 'a pattern');
  });
});
