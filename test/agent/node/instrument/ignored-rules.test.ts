import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ignoredRules } from '../../../../runtime/agent/node/instrument/ignored-rules.ts';
import { instrument } from '../../../../runtime/agent/node/instrument/instrument.ts';
import { parse } from '../../../../runtime/agent/node/loader/parser.ts';

/** "rules at the text that they hold for". */
const ignored = (source: string): string[] =>
  ignoredRules(source).map(({ at, rules }) => `${rules} at ${source.slice(at).split('\n', 1)[0]}`);

describe('a comment that silences a rule', () => {
  it('holds for its own line, or for the next one where it stands alone', () => {
    deepEqual(ignored('a();\n  // simul-ignore one-by-one: in order\n  b();'), ['one-by-one at b();']);
    deepEqual(ignored('  a(); // simul-ignore overlap: meant\nb();'), [
      'overlap at a(); // simul-ignore overlap: meant',
    ]);
    deepEqual(ignored('/* simul-ignore overlap */ a();'), ['overlap at /* simul-ignore overlap */ a();']);
  });

  it('may name several, and needs a name', () => {
    deepEqual(ignored('// simul-ignore one-by-one, overlap: both\na();'), ['one-by-one overlap at a();']);
    deepEqual(ignored('// simul-ignore\na();\n// simul-ignored one'), []);
  });

  it('is a row of the site table of an instrumented file', () => {
    const source = 'async function f() {\n  // simul-ignore one-by-one: x\n  await g();\n}';
    const outcome = instrument(source, {
      path: '/f.js',
      kind: 'module',
      typescript: false,
      jsx: false,
      depth: 'full',
      parse,
    });
    if (outcome.kind !== 'instrumented') throw new Error(outcome.kind);
    const rows = outcome.result.sites.filter(({ ignores }) => ignores !== undefined);
    deepEqual(
      rows.map(({ line, ignores }) => [line, ignores]),
      [[3, 'one-by-one']],
    );
  });
});
