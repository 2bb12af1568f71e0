/**
 * Runs mocha inside VS Code's extension host. Bundled with the suites into the one
 * script that `extensionTestsPath` names; writes each result to the file in SIMUL_RESULTS.
 */

import Mocha from 'mocha';
import { recordResults } from '../machine/results.ts';

/** `load` requires the suites; they call the `describe` that the pre-require event makes global. */
export function runInHost(load: () => void): Promise<void> {
  const results = process.env['SIMUL_RESULTS'];
  if (results === undefined)
    throw new Error('the suites are started by test/host/drive.ts, with SIMUL_RESULTS');
  const grep = process.env['SIMUL_GREP'];
  // The first activation and the first language server take their time on two cores.
  const mocha = new Mocha({ timeout: 60_000, reporter: 'spec', color: false, ...(grep ? { grep } : {}) });
  mocha.suite.emit('pre-require', globalThis, 'host', mocha);
  load();
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} failed`));
    });
    recordResults(runner, results);
  });
}
