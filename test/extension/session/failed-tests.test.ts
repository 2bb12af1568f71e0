import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { failedTests } from '../../../extension/session/failed-tests.ts';
import { testCommand } from '../../../extension/session/test-command.ts';
import { temporaryFolders } from '../../launch/part-writer.ts';

const folder = temporaryFolders();

const TESTS = `import { describe, it } from 'node:test';
describe('orders', () => {
  it('adds', () => {});
  it('is late', () => { throw new Error('no'); });
  it('a < b & "c"', async () => { throw new Error('no'); });
  it.skip('is off', () => { throw new Error('no'); });
  it.todo('will come', () => { throw new Error('no'); });
});
it('hangs', { timeout: 10 }, () => new Promise((resolve) => setTimeout(resolve, 1000)));
`;

describe('the tests that failed', () => {
  it('are those of the report of Node’s own runner, and can be run again by their names', () => {
    const at = folder();
    const [file, reportFile] = [join(at, 'a.test.mjs'), join(at, 'report')];
    writeFileSync(file, TESTS);
    const run = (tests: readonly (readonly string[])[]): readonly (readonly string[])[] | null => {
      const command = testCommand({ file, text: TESTS, tests, reportFile }, process.execPath);
      assert.ok(typeof command !== 'string');
      const [node = '', ...args] = command.args;
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      assert.equal(spawnSync(node, args, { cwd: at, env }).status, 1);
      return failedTests('node:test', readFileSync(reportFile, 'utf8'));
    };
    const failed = [['is late'], ['a < b & "c"'], ['hangs']];
    assert.deepEqual(run([]), failed);
    assert.deepEqual(run(failed), failed);
    // Node 20 lists it as one that was skipped.
    assert.doesNotMatch(readFileSync(reportFile, 'utf8'), /name="adds"[^>]*\/>/);
  });

  it('are those of the JSON of vitest and jest, with their groups', () => {
    const report = JSON.stringify({
      testResults: [
        {
          assertionResults: [
            { ancestorTitles: ['orders', 'late'], title: 'waits', status: 'failed' },
            { ancestorTitles: [''], title: 'alone', status: 'failed' },
            { ancestorTitles: ['orders'], title: 'adds', status: 'passed' },
            { ancestorTitles: ['orders'], title: 'off', status: 'pending' },
          ],
        },
        { message: 'a file that could not be loaded' },
      ],
    });
    assert.deepEqual(failedTests('vitest', report), [['orders', 'late', 'waits'], ['alone']]);
    assert.deepEqual(failedTests('jest', report), failedTests('vitest', report));
  });

  it('are not known without a report', () => {
    assert.equal(failedTests('jest', '{'), null);
    assert.equal(failedTests('vitest', '[1]'), null);
    assert.equal(failedTests('node:test', ''), null);
  });
});
