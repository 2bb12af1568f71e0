/**
 * Runs mocha over the files named in SIMUL_MOCHA and writes each result to a file at once. It is a
 * process of its own: a suite that crashes or hangs takes nothing with it.
 */

import Mocha from 'mocha';
import { recordResults } from './results.ts';

export interface MochaOptions {
  readonly results: string;
  readonly files: readonly string[];
  readonly timeoutMs: number;
  readonly grep?: string;
}

const mochaOptions = JSON.parse(process.env['SIMUL_MOCHA'] ?? 'null') as MochaOptions | null;
if (mochaOptions === null)
  throw new Error('mocha-child is started by test/run.ts, with its options in SIMUL_MOCHA');
// Processes that the tests start must not take these options for theirs.
delete process.env['SIMUL_MOCHA'];

const mocha = new Mocha({
  timeout: mochaOptions.timeoutMs,
  reporter: 'spec',
  color: process.stdout.isTTY === true,
  ...(mochaOptions.grep === undefined ? {} : { grep: mochaOptions.grep }),
  forbidOnly: true,
});
for (const file of mochaOptions.files) mocha.addFile(file);
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  process.exitCode = failures > 0 ? 1 : 0;
});
recordResults(runner, mochaOptions.results);
