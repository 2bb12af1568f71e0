/** Which test a finding belongs to, on recordings written as text. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readTestRun, type TestRun } from '../../../runtime/launch/test-run/test-findings.ts';
import { pythonTestAt } from '../../../runtime/launch/test-run/find-tests.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { newPart, temporaryFolders } from '../part-writer.ts';

const folder = temporaryFolders();

const TEST_FILE = `describe('orders', () => {
  it('adds', async () => {
    work();
  });
});
`;

/** A test that begins `work`, which ends at `workEnds` ms, or never. */
function runWith(workEnds: number | null, more = '', reason = 'timer'): TestRun {
  const at = folder();
  const file = join(at, 'a.test.js');
  writeFileSync(file, TEST_FILE);
  const lines = [
    `0 0 processBegin pid=1 argv="node a.test.js" version="v20.0.0" language=node`,
    `0 0 laneBegin name="main" kind=main`,
    `1000000 0 activationBegin id=1 name="it('adds')" site="${file}:2:14 function <anonymous>" kind=io-callback`,
    `2000000 0 activationBegin id=2 parent=1 name="work" site="${file}:3:5 function work" kind=async-function`,
    `3000000 0 wait id=2 site="${file}:3:5 await work | x" reason=${reason}`,
    `4000000 0 activationEnd id=1 outcome=ok`,
    more.replaceAll('FILE', file),
    ...(workEnds === null
      ? []
      : [`${workEnds * 1e6 - 1} 0 run id=2`, `${workEnds * 1e6} 0 activationEnd id=2 outcome=ok`]),
    `900000000 0 processEnd`,
  ];
  newPart(at).append(fromText(lines.filter((line) => line !== '').join('\n')));
  const run = readTestRun(at, at);
  assert.ok(typeof run !== 'string');
  return run;
}

const isLeak = ({ rule }: { readonly rule: string }): boolean => rule === 'leaked-task';

describe('the findings of a run of tests', () => {
  it('tell of a task that still went on at the end of its test’s process', () => {
    const { tests, findings } = runWith(null);
    assert.equal(tests, 1);
    const leaked = findings.filter(isLeak);
    assert.deepEqual(
      leaked.map(({ test, words, testPlace, severity }) => [test, words, testPlace?.line, severity]),
      [['orders › adds', 'work still went on when the process of the test ended.', 2, 'warning']],
    );
    assert.equal(leaked[0]!.place?.file, 'a.test.js');
  });

  it('tell of no leak where the task waits for what never comes', () => {
    assert.equal(runWith(null, '', 'io').findings.filter(isLeak).length, 1);
    for (const reason of ['future', 'lock', 'queue-get'])
      assert.equal(runWith(null, '', reason).findings.filter(isLeak).length, 0, reason);
  });

  it('tell of no leak where the task ends later and somebody may await it', () => {
    assert.deepEqual(runWith(300).findings, []);
  });

  it('tell of no leak where the line says that it is meant', () => {
    const silenced = (rule: string): string =>
      `3500000 0 fact site="FILE:3:1 call " text="${rule}" what=silenced`;
    assert.equal(runWith(null, silenced('leaked-task')).findings.filter(isLeak).length, 0);
    assert.equal(runWith(null, silenced('overlap')).findings.filter(isLeak).length, 1);
  });

  it('give each task of a finding steps, numbered in the order of time over all of them', () => {
    const [finding] = runWith(null).findings;
    assert.deepEqual(
      finding!.steps.map(({ words }) => words),
      ["it('adds') begins", 'work begins', 'work: wait'],
    );
    const orders = finding!.steps.map(({ order }) => order);
    assert.deepEqual(orders, [0, 1, 2]);
  });
});

describe('the test of a line of Python', () => {
  const at = (line: number): string => {
    const file = join(folder(), 'test_a.py');
    writeFileSync(
      file,
      'def helper():\n    pass\n\ndef test_one():\n    async def main():\n        x()\n    main()\n\nx = 1\n',
    );
    return pythonTestAt(file, line)?.titles.join('.') ?? 'none';
  };

  it('is the function around it', () => {
    assert.deepEqual([2, 4, 6, 7, 9].map(at), ['none', 'test_one', 'test_one', 'test_one', 'none']);
  });
});
