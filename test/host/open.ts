/**
 * `npm run code`: opens a VS Code with the extension, to try it in. When `code` is on the PATH it
 * is the user's own. Otherwise, or with `-- --served`, it is the tests' VS Code in a browser: on
 * loopback, with a profile of its own and an example open, until Ctrl-C.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runCommand } from '../machine/run-command.ts';
import { extensionPackage } from '../machine/extension-package.ts';
import { findProgram } from '../machine/find-program.ts';
import { tree } from '../machine/tree.ts';
import { servedVSCode } from '../machine/served-vscode.ts';
import { installExtension, serveVSCode } from './serve-vscode.ts';
import { workbenchUrl } from './workbench.ts';

const examples = join(tree, 'examples');
/** That of the README. */
const example = join(examples, 'start-page.ts');
const ownCode = process.argv.includes('--served') ? undefined : findProgram(['code']);

console.log('Packaging the extension …');
const vsix = await extensionPackage();
if (ownCode !== undefined) await openInOwn(ownCode);
else await openInServed();

async function openInOwn(code: string): Promise<void> {
  console.log(`Installing it in your VS Code (${code}) and opening ${relative(tree, examples)}/`);
  for (const args of [
    ['--install-extension', vsix, '--force'],
    [examples, example],
  ]) {
    const ended = await runCommand({ file: code, args, boundMs: 120_000, output: 'show' });
    if (!ended.ok) throw new Error(`${code} ${args.join(' ')} failed: ${ended.outcome}`);
  }
}

async function openInServed(): Promise<void> {
  const vscode = await servedVSCode();
  const extensionsFolder = mkdtempSync(join(tmpdir(), 'simul-extensions-'));
  await installExtension(vscode, vsix, extensionsFolder);
  const served = await serveVSCode({ vscode, extensionsFolder });
  const target = { folder: examples, file: example };
  console.log(`\nVS Code with Simul, until Ctrl-C:\n\n  ${workbenchUrl(served.url, served.port, target)}\n`);
  const stop = (): void => {
    served.stop();
    rmSync(extensionsFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
