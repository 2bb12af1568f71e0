/**
 * `npm run code`: the extension in a VS Code to play with. The person's own when `code` is on the
 * PATH; otherwise (or with `-- --served`) the test host's VS Code in a browser: on loopback, with a
 * profile of its own, an example open, until Ctrl-C.
 */

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runCommand } from '../machine/command.ts';
import { extensionPackage } from '../machine/extension.ts';
import { findProgram } from '../machine/find-program.ts';
import { tree } from '../machine/tree.ts';
import { servedVSCode } from '../machine/vscode.ts';
import { installExtension, serve } from './serve.ts';
import { workbenchUrl } from './workbench.ts';

const examples = join(tree, 'examples');
const example = firstExample();
const own = process.argv.includes('--served') ? undefined : findProgram(['code']);

console.log('Packaging the extension …');
const vsix = await extensionPackage();
if (own !== undefined) await openOwn(own);
else await openServed();

async function openOwn(code: string): Promise<void> {
  console.log(`Installing it in your VS Code (${code}) and opening ${relative(tree, examples)}/`);
  for (const args of [
    ['--install-extension', vsix, '--force'],
    [examples, ...(example === undefined ? [] : [example])],
  ]) {
    const ended = await runCommand({ file: code, args, boundMs: 120_000, output: 'show' });
    if (!ended.ok) throw new Error(`${code} ${args.join(' ')} failed: ${ended.how}`);
  }
}

async function openServed(): Promise<void> {
  const vscode = await servedVSCode();
  const extensionsFolder = mkdtempSync(join(tmpdir(), 'simul-extensions-'));
  await installExtension(vscode, vsix, extensionsFolder);
  const served = await serve({ vscode, extensionsFolder });
  const opened = example === undefined ? { folder: examples } : { folder: examples, file: example };
  console.log(`\nVS Code with Simul, until Ctrl-C:\n\n  ${workbenchUrl(served.url, served.port, opened)}\n`);
  const end = (): void => {
    served.stop();
    rmSync(extensionsFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    process.exit(0);
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

function firstExample(): string | undefined {
  if (!existsSync(examples)) return undefined;
  return readdirSync(examples, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name) && !name.includes('node_modules'))
    .sort()
    .map((name) => join(examples, name))
    .at(0);
}
