/**
 * Runs mocha over the files named in SIMUL_MOCHA and writes each result to its file
 * as it happens. A process of its own: a suite that crashes or hangs takes nothing with it.
 */

import Mocha from 'mocha';
import { recordResults } from './results.ts';

export interface MochaOrder {
  readonly results: string;
  readonly files: readonly string[];
  readonly timeoutMs: number;
  readonly grep?: string;
}

const order = JSON.parse(process.env['SIMUL_MOCHA'] ?? 'null') as MochaOrder | null;
if (order === null) throw new Error('mocha-child is started by test/run.ts, with its order in SIMUL_MOCHA');
// What the tests start must not take the order for theirs.
delete process.env['SIMUL_MOCHA'];

const mocha = new Mocha({
  timeout: order.timeoutMs,
  reporter: 'spec',
  color: process.stdout.isTTY === true,
  ...(order.grep === undefined ? {} : { grep: order.grep }),
  forbidOnly: true,
});
for (const file of order.files) mocha.addFile(file);
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  process.exitCode = failures > 0 ? 1 : 0;
});
recordResults(runner, order.results);
