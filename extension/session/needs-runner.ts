/**
 * Whether a file is one of tests that a runner has to run: started by itself, it would fail at the
 * first `describe`, or end without having run a test.
 */
import { basename } from 'node:path';
import { pythonTestsIn } from '../../runtime/launch/python-tests.ts';
import { isPythonFile } from '../../runtime/launch/runnable-files.ts';
import { testsIn } from '../../runtime/launch/test-titles.ts';
import { runnerOf } from './test-command.ts';

const TEST_FILE = /\.(?:test|spec)\.[cm]?[jt]sx?$/;
/** What a Python file does when it is started by itself. */
const MAIN_GUARD = /^if\s+__name__\s*==/m;

export function needsRunner(file: string, text: string): boolean {
  if (isPythonFile(file)) return !MAIN_GUARD.test(text) && pythonTestsIn(file, text).length > 0;
  if (testsIn(text.split('\n')).length === 0) return false;
  const imported = runnerOf(text);
  // Tests of Node's runner run in the file itself.
  if (imported === 'node:test') return false;
  return imported !== null || TEST_FILE.test(basename(file));
}
