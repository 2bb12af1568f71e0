/**
 * The host suite: mocha inside the extension host of a real VS Code. The extension is the unpacked
 * .vsix, so that what ships is what is tested. Where there is a display, the VS Code is the
 * vendor's, else the served one behind code-shim.ts. @vscode/test-electron starts either.
 */

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagesNamed } from '../corpus/python-packages.ts';
import { cacheFolder } from '../machine/cache.ts';
import { findChromium } from '../machine/chromium.ts';
import { runCommand } from '../machine/run-command.ts';
import { desktopVSCode } from '../machine/desktop-vscode.ts';
import { extensionPackage } from '../machine/extension-package.ts';
import { printResults, readResults, type Tally } from '../machine/results.ts';
import { tree } from '../machine/tree.ts';
import { servedVSCode } from '../machine/served-vscode.ts';
import { bundleHostSuite } from './bundle.ts';
import type { ShimOptions } from './code-shim.ts';
import type { HostRunOptions } from './run-in-vscode.ts';
import { installExtension } from './serve-vscode.ts';

export async function runHostSuite(grep: string | undefined, boundMs: number): Promise<Tally> {
  const vsix = await extensionPackage();
  const home = mkdtempSync(join(tmpdir(), 'simul-host-'));
  try {
    const unpacked = join(home, 'unpacked');
    const extensions = join(home, 'extensions');
    const results = join(home, 'results.jsonl');
    mkdirSync(unpacked);
    mkdirSync(extensions);
    // The vendor's Python extension cannot be had here.
    const standIn = join(tree, 'test/host/stand-in-python');
    cpSync(standIn, join(extensions, 'ms-python.python-2099.1.0'), { recursive: true });
    const host = await prepareHost(vsix, unpacked);
    const options: HostRunOptions = {
      executable: host.executable,
      extension: onlyFolder(unpacked),
      suite: await bundleHostSuite(),
      launchArgs: [
        examplesFolder(),
        `--extensions-dir=${extensions}`,
        `--user-data-dir=${join(home, 'user-data')}`,
      ],
      env: {
        ...host.env,
        SIMUL_RESULTS: results,
        SIMUL_GREP: grep ?? '',
        SIMUL_DEBUGPY: await packagesNamed(['debugpy']),
      },
    };
    const ended = await runCommand({
      file: process.execPath,
      args: ['--enable-source-maps', join(tree, 'build/test/host/run-in-vscode.js')],
      cwd: tree,
      env: { ...process.env, SIMUL_HOST_RUN: JSON.stringify(options) },
      boundMs,
      output: 'keep',
    });
    printResults(results);
    const tally = readResults(results, 'host', ended.outcome);
    if (tally.failures.length > 0) console.log(`   VS Code's own log: ${writeLog(ended.output)}`);
    return tally;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** A VS Code to run in, with the .vsix unpacked beside it. */
async function prepareHost(
  vsix: string,
  unpacked: string,
): Promise<{ executable: string; env: Record<string, string> }> {
  const desktop = await desktopVSCode();
  if (desktop.found) {
    await desktop.install(vsix, unpacked);
    return { executable: desktop.executable, env: {} };
  }
  console.log(`   The vendor's VS Code is not used: ${desktop.reason}. The one from npm is used.`);
  const vscode = await servedVSCode();
  await installExtension(vscode, vsix, unpacked);
  const shim = join(tree, 'build/test/host/code-shim.js');
  chmodSync(shim, 0o755);
  const shimOptions: ShimOptions = { ...vscode, chromium: await findChromium() };
  return { executable: shim, env: { SIMUL_SHIM: JSON.stringify(shimOptions) } };
}

function examplesFolder(): string {
  const examples = join(tree, 'examples');
  if (!existsSync(examples)) throw new Error('examples/ does not exist; the host suite opens it');
  return examples;
}

/** The folder of the unpacked .vsix (publisher.name-version); the installer's notes are files. */
function onlyFolder(folder: string): string {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (names.length !== 1) throw new Error(`one unpacked extension was expected, ${names.length} are there`);
  return join(folder, names[0]?.name ?? '');
}

function writeLog(text: string): string {
  const path = join(cacheFolder, 'host.log');
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(path, text);
  return path;
}
