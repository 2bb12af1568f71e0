import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { readResults } from './results.ts';

describe('a result file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-results-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (text: string): string[] => {
    const path = join(folder, 'results.jsonl');
    writeFileSync(path, text);
    const tally = readResults(path, 's', 'exit code 0');
    return [`${tally.passed} passed`, ...tally.failures.map(({ title, reason }) => `${title}: ${reason}`)];
  };

  it('counts what passed and what failed', () => {
    assert.deepEqual(
      read(
        '{"kind":"begin","title":"a"}\n{"kind":"pass","title":"a","ms":1}\n' +
          '{"kind":"begin","title":"b"}\n{"kind":"fail","title":"b","reason":"no"}\n{"kind":"end"}\n',
      ),
      ['1 passed', 'b: no'],
    );
  });

  it('without its end is a failure that names the running test, whatever the exit code', () => {
    assert.deepEqual(read('{"kind":"begin","title":"a"}\n{"kind":"pass","ti'), [
      '0 passed',
      'the suite "s" did not come to its end: exit code 0 in "a"',
    ]);
  });

  it('names what the machine lacks for a test', () => {
    const path = join(folder, 'results.jsonl');
    const title = 'a full disk is counted [needs root]';
    writeFileSync(
      path,
      `${JSON.stringify({ kind: 'absent', title })}\n{"kind":"pass","title":"a","ms":1}\n{"kind":"end"}\n`,
    );
    assert.deepEqual(readResults(path, 's', 'exit code 0'), { passed: 1, failures: [], absent: [title] });
  });

  it('that holds no test is a failure', () => {
    assert.deepEqual(read('{"kind":"end"}\n'), ['0 passed', 'the suite "s" ran nothing: it holds no test']);
  });

  it('that was never written is a failure', () => {
    assert.deepEqual(
      readResults(join(folder, 'none'), 's', 'ended by SIGKILL').failures.map(({ reason }) => reason),
      ['ended by SIGKILL between tests'],
    );
  });
});
