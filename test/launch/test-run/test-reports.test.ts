/** The reports of `simul test`: what a program's texts cannot do in them. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeSarif } from '../../../runtime/launch/test-run/sarif.ts';
import type { TestFinding, TestRun } from '../../../runtime/launch/test-run/test-findings.ts';
import {
  annotations,
  markdownSummary,
  terminalLines,
} from '../../../runtime/launch/test-run/test-reports.ts';

const finding: TestFinding = {
  rule: 'never-awaited',
  severity: 'warning',
  words: 'a | b <img src=x>\n100 % of `x`',
  place: { file: 'src/a b.ts', line: 3, column: 7 },
  test: 'orders, all: › adds',
  testPlace: { file: 'src/a b.ts', line: 2, column: 1 },
  steps: [
    { task: 'a', words: 'a begins', place: { file: 'src/a b.ts', line: 3, column: 1 }, order: 0 },
    { task: 'b', words: 'b begins', place: { file: '/abs/b.ts', line: 4, column: 1 }, order: 1 },
    { task: 'a', words: 'a ends', place: { file: 'src/a b.ts', line: 5, column: 1 }, order: 2 },
  ],
};
const run: TestRun = { tests: 2, findings: [finding], troubles: [] };

describe('the report of a run of tests', () => {
  it('names each test with its line, and under it what was found', () => {
    assert.deepEqual(terminalLines(run), [
      '2 tests ran under trace; 1 finding in 1 test:',
      '  orders, all: › adds (src/a b.ts:2)',
      `    warning never-awaited at src/a b.ts:3: ${finding.words}`,
    ]);
    assert.deepEqual(terminalLines({ ...run, findings: [] }), [
      '2 tests ran under trace; nothing was found.',
    ]);
  });

  it('is a table in Markdown, in which texts stay text', () => {
    const lines = markdownSummary(run).split('\n');
    assert.equal(lines.filter((line) => line.startsWith('| warning')).length, 1);
    assert.ok(markdownSummary(run).includes('a \\| b &lt;img src=x\\>'));
  });

  it('is an annotation a finding, on one line', () => {
    assert.deepEqual(annotations(run), [
      '::warning file=src/a b.ts,line=3,title=never-awaited in orders%2C all%3A › adds::a | b <img src=x>%0A100 %25 of `x`',
    ]);
    assert.match(annotations({ ...run, findings: [{ ...finding, severity: 'info' }] })[0]!, /^::notice /);
  });

  it('is SARIF with a thread flow for each task, their steps in one order', () => {
    const sarif = JSON.parse(JSON.stringify(makeSarif(run, '1.0.0'))) as {
      version: string;
      runs: [{ tool: { driver: { rules: object[] } }; results: [SarifResult] }];
    };
    assert.equal(sarif.version, '2.1.0');
    const [{ tool, results }] = sarif.runs;
    assert.deepEqual(tool.driver.rules, [
      { id: 'never-awaited', shortDescription: { text: 'Work went on, or failed, that nobody waited for.' } },
    ]);
    const [result] = results;
    assert.equal(result.level, 'warning');
    assert.equal(result.locations[0].physicalLocation.artifactLocation.uri, 'src/a%20b.ts');
    const flows = result.codeFlows[0].threadFlows;
    assert.deepEqual(
      flows.map(({ id, locations }) => [id, ...locations.map(({ executionOrder }) => executionOrder)]),
      [
        ['a', 0, 2],
        ['b', 1],
      ],
    );
    assert.equal(flows[1]!.locations[0]!.location.physicalLocation.artifactLocation.uri, 'file:///abs/b.ts');
  });
});

interface SarifLocation {
  physicalLocation: { artifactLocation: { uri: string } };
}
interface SarifResult {
  level: string;
  locations: [SarifLocation];
  codeFlows: [
    { threadFlows: { id: string; locations: { executionOrder: number; location: SarifLocation }[] }[] },
  ];
}
