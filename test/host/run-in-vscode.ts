/**
 * Starts a VS Code through @vscode/test-electron and lets mocha run inside its extension host.
 * A process of its own, ordered by host-suite.ts, because test-electron prints into and waits in
 * the process that calls it. Its word is the result file, nothing else.
 */

import { runTests } from '@vscode/test-electron';

export interface DriveOrder {
  readonly executable: string;
  /** The unpacked .vsix. */
  readonly extension: string;
  /** The bundled suite. */
  readonly suite: string;
  readonly launchArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const order = JSON.parse(process.env['SIMUL_DRIVE'] ?? 'null') as DriveOrder | null;
if (order === null)
  throw new Error('drive is started by test/host/host-suite.ts, with its order in SIMUL_DRIVE');

await runTests({
  vscodeExecutablePath: order.executable,
  extensionDevelopmentPath: order.extension,
  extensionTestsPath: order.suite,
  launchArgs: [...order.launchArgs],
  extensionTestsEnv: { ...order.env },
});
