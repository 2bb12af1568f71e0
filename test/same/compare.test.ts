/** What the suite "the same" takes for a difference, and what for none. */
import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { named } from './cases.ts';
import { differences } from './compare.ts';
import type { Known } from './known-difference.ts';
import { KNOWN_TEXTS, knownDifference } from './known.ts';
import { jestTime, normalised, specDuration, testDuration, warningPid } from './normalise.ts';
import { programOf } from './program.ts';
import type { Outcome } from './run.ts';

const outcome = (stdout: string, stderr = '', end = 'status 0'): Outcome => ({ stdout, stderr, end });

describe('comparing two runs', () => {
  it('finds nothing where all is equal', () => {
    deepEqual(differences(outcome('a\n', 'b\n'), outcome('a\n', 'b\n')), []);
  });

  it('shows the lines that differ, and one before them', () => {
    deepEqual(differences(outcome('1\n2\n3\n'), outcome('1\n4\n3\n')), ['stdout:', '  1', '- 2', '+ 4']);
    deepEqual(differences(outcome('a\nb\nc\nd'), outcome('b\nc\nx\nd\ny')), [
      'stdout:',
      '- a',
      '  c',
      '+ x',
      '  d',
      '+ y',
    ]);
  });

  it('tells a difference of blanks, of streams and of the end', () => {
    equal(differences(outcome('a'), outcome('a ')).length > 0, true);
    equal(differences(outcome('a', ''), outcome('', 'a')).length > 0, true);
    deepEqual(differences(outcome('', '', 'SIGKILL'), outcome('')), [
      'end: SIGKILL untraced, status 0 traced',
    ]);
  });

  it('lets a tenth of the stack be used, and not more', () => {
    deepEqual(differences(outcome('depth: 1000\n'), outcome('depth: 900\n')), []);
    equal(differences(outcome('depth: 1000\n'), outcome('depth: 899\n')).length > 0, true);
  });
});

describe('normalising an output', () => {
  const rows = [
    [warningPid, '(node:12) Warning: x (node:12)', '(node:PID) Warning: x (node:12)'],
    [testDuration, '  duration_ms: 1.25', '  duration_ms: N'],
    [testDuration, 'lasted 1.25 ms', 'lasted 1.25 ms'],
    [specDuration, '  ✔ waits (1.2ms)', '  ✔ waits'],
    [specDuration, 'f (1.2ms) more', 'f (1.2ms) more'],
    [jestTime, 'PASS ./a.js (5.1 s)', 'PASS ./a.js'],
  ] as const;
  for (const [normalisation, text, wanted] of rows) {
    it(`makes "${wanted}" of "${text}"`, () => equal(normalised(text, [normalisation]), wanted));
  }
});

describe('what is known to differ', () => {
  const known: Known[] = [{ kind: 'fault', reason: 'r', programs: ['a.cjs'], ways: ['node'], nodes: [20] }];
  const name = { way: 'node', program: 'a.cjs', node: 20, depth: 'full' } as const;

  it('is found by program, way and Node', () => {
    equal(knownDifference(name, known)?.reason, 'r');
    for (const other of [{ way: 'eval' }, { program: 'b.cjs' }, { node: 22 as const }]) {
      equal(knownDifference({ ...name, ...other }, known), undefined);
    }
  });

  it('covers the URL above an excerpt, and no other', () => {
    const [url] = KNOWN_TEXTS;
    const shown = outcome('', 'file:///a.mjs:3\nthrow 1;\n^\n    at file:///a.mjs:3:1\n');
    equal(url!.without(shown).stderr, '/a.mjs:3\nthrow 1;\n^\n    at file:///a.mjs:3:1\n');
  });
});

describe("a program's first line", () => {
  it('says how the program is run', () => {
    const { ends, needs, minNode, maxNode, flags, isCore } = programOf(
      'a.cjs',
      '// same: ends=SIGKILL needs=file,main node=22 flags=--a,--b core\n',
    );
    deepEqual(
      [ends, [...needs], minNode, maxNode, flags, isCore],
      ['SIGKILL', ['file', 'main'], 22, 26, ['--a', '--b'], true],
    );
  });

  it('is refused with an unknown field', () => {
    throws(() => programOf('a.cjs', '// same: need=file\n'), /no field "need"/);
  });
});

describe('choosing by name', () => {
  const all = [{ name: 'tsx' }, { name: 'tsx-cjs' }, { name: 'node' }];
  it('takes words with stars', () => {
    deepEqual(named(all, ['tsx*']), [{ name: 'tsx' }, { name: 'tsx-cjs' }]);
    deepEqual(named(all, []), all);
  });
  it('refuses what names nothing', () => throws(() => named(all, ['jest']), /nothing is named jest/));
});
