/**
 * Starts a VS Code through @vscode/test-electron, which runs mocha inside its extension host.
 * host-suite.ts starts this process, because test-electron prints into the process that calls it
 * and waits there. Its only result is the result file.
 */

import { runTests } from '@vscode/test-electron';

export interface HostRunOptions {
  readonly executable: string;
  /** The unpacked .vsix. */
  readonly extension: string;
  /** The bundled suite. */
  readonly suite: string;
  readonly launchArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const options = JSON.parse(process.env['SIMUL_HOST_RUN'] ?? 'null') as HostRunOptions | null;
if (options === null)
  throw new Error('run-in-vscode is started by test/host/host-suite.ts, with its options in SIMUL_HOST_RUN');

await runTests({
  vscodeExecutablePath: options.executable,
  extensionDevelopmentPath: options.extension,
  extensionTestsPath: options.suite,
  launchArgs: [...options.launchArgs],
  extensionTestsEnv: { ...options.env },
});
