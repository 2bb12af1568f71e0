/**
 * Runs mocha inside VS Code's extension host and writes each result to the file in SIMUL_RESULTS.
 * It is bundled with the suites into the one script that `extensionTestsPath` names.
 */

import Mocha from 'mocha';
import { recordResults } from '../machine/results.ts';

/** @param load requires the suites, which call the global `describe` of the pre-require event */
export function runInHost(load: () => void): Promise<void> {
  const results = process.env['SIMUL_RESULTS'];
  if (results === undefined)
    throw new Error('the suites are started by test/host/run-in-vscode.ts, with SIMUL_RESULTS');
  const grep = process.env['SIMUL_GREP'];
  // The first activation and the first start of the language server are slow on two cores.
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
