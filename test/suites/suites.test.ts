/** What is said of other people's suites: their results, and the verdict on two of them. */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { resultsOf } from './results.ts';
import type { Depth, Run } from './run-suite.ts';
import type { Reader, Suite } from './suite.ts';
import { pythonSuites } from './suites-python.ts';
import { suites } from './suites.ts';
import { describe as tell, tableOf } from './table.ts';
import type { Traced } from './traced.ts';

const suite: Suite = {
  name: 'example',
  from: { repository: 'someone/example', commit: '0'.repeat(40) },
  install: 'true',
  test: 'true',
  reads: 'mocha',
  source: /^lib\//,
};

const traced: Traced = {
  files: 1,
  tasks: 2,
  waits: 1,
  named: 0,
  records: 20,
  lost: 0,
  problems: 0,
  troubles: [],
};

const run = (more: Partial<Run> = {}): Run => ({
  passed: 3,
  failed: 0,
  status: 0,
  cpuMs: 100,
  output: '',
  traced: null,
  ...more,
});

function verdict(runs: Partial<Record<Depth, readonly Run[]>>, of: Suite = suite): string {
  return tell({ suite: of, runs: { none: [run()], full: [], light: [], ...runs } }).verdict;
}

describe('suites of other people', () => {
  const outputs: readonly [Reader, string, number, number][] = [
    ['mocha', '  12 passing (3s)\n  4 pending\n  1 failing\n', 12, 1],
    ['ava', '  ✔ a (1.2s)\n  ✘ [fail]: b c\n    ℹ log\n  ✔ d\n  ─\n\n  1 test failed\n', 2, 1],
    ['tap-lines', '    ok 1 - a\n    not ok 2 - b\nnot ok 1 - file\n# ok 9\n', 1, 2],
    ['answers', 'ok 1 - GET /: 200 a\n# ended with SIGTERM\n', 1, 0],
    ['jest', 'Tests:       1 failed, 2 skipped, 59 passed, 62 total\n', 59, 1],
    ['vitest', '\u001b[2m      Tests \u001b[22m 3 failed | 786 passed (789)\n', 786, 3],
    ['node-test', '# pass 431\n# fail 2\n', 431, 2],
    ['pytest', 'PASSED a.py::b\nFAILED a.py::c - E: 0x7f\nSKIPPED [1] a.py:3: no\n1 passed in 2.1s', 1, 1],
  ];
  for (const [reader, output, passed, failed] of outputs) {
    it(`reads how many tests passed and failed from the output of ${reader}`, () => {
      const found = resultsOf(output, reader);
      deepEqual([found.passed, found.failed], [passed, failed]);
    });
  }

  it('compares how each test of pytest ended, not what a failure said nor how long it took', () => {
    const output = (end: string, address: string, seconds: string): string =>
      `${end} a.py::b\nFAILED a.py::c - E: 0x${address}\n= 1 passed, 2 warnings in ${seconds}s =\n`;
    const textOf = (...parts: Parameters<typeof output>): string | undefined =>
      resultsOf(output(...parts), 'pytest').text;
    equal(textOf('PASSED', '7f', '2.1'), textOf('PASSED', '80', '3.0'));
    equal(textOf('PASSED', '7f', '2.1'), 'FAILED a.py::c\nPASSED a.py::b\n1 passed, 2 warnings');
    notEqual(textOf('PASSED', '7f', '2.1'), textOf('XFAIL', '7f', '2.1'));
  });

  it('tells a suite that is not there, and does not count it as passed', () => {
    const outcome = { suite, runs: null, missing: 'there is no checkout' };
    equal(tell(outcome).verdict, 'missing');
    match(tell(outcome).lines.join('\n'), /no checkout/);
    match(tableOf([outcome]).lines.join('\n'), /1 missing\. 0 cases/);
  });

  it('tells apart what differs, what is not steady untraced, and what was not traced', () => {
    equal(verdict({ full: [run({ traced })] }), 'same');
    equal(verdict({ full: [run({ traced })], light: [run({ traced, passed: 2 })] }), 'differs');
    equal(verdict({ full: [run({ traced, status: 1 })] }), 'differs');
    equal(verdict({ full: [run({ traced, text: 'ok 1' })] }), 'differs');
    equal(verdict({ none: [run(), run({ passed: 2 })], full: [run({ traced })] }), 'unsteady');
    equal(verdict({ none: [run({ passed: 0 })] }), 'empty');
    equal(verdict({ full: [run({ traced: { ...traced, records: 0 } })] }), 'untraced');
  });

  it('asks for rows of its own code, or for the reason why there are none, and for no reason too many', () => {
    const thin = { ...traced, tasks: 0 };
    const excused = { ...suite, unseen: 'nothing of it waits' };
    equal(verdict({ full: [run({ traced: thin })] }), 'unseen');
    equal(verdict({ full: [run({ traced: { ...thin, named: 2 } })] }), 'same');
    equal(verdict({ full: [run({ traced: thin })] }, excused), 'same');
    equal(verdict({ full: [run({ traced })] }, excused), 'unseen');
  });

  it('names a repository and a commit of each, once', () => {
    const all = [...suites, ...pythonSuites];
    equal(new Set(all.map(({ name }) => name)).size, all.length);
    for (const { from } of all) {
      if ('project' in from) continue;
      match(from.repository, /^[\w.-]+\/[\w.-]+$/);
      match(from.commit, /^[0-9a-f]{40}$/);
    }
  });
});
