/** The .vsix under test: named by SIMUL_VSIX, else made once a run as `npm run package` does. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand } from './run-command.ts';
import { tree } from './tree.ts';

let packaged: Promise<string> | undefined;

export function extensionPackage(): Promise<string> {
  return (packaged ??= packageExtension());
}

async function packageExtension(): Promise<string> {
  const named = process.env['SIMUL_VSIX'];
  if (named) {
    if (!existsSync(named)) throw new Error(`SIMUL_VSIX names ${named}, which does not exist`);
    return resolve(named);
  }
  const out = join(tree, 'build/simul-under-test.vsix');
  const ended = await runCommand({
    file: process.execPath,
    args: [join(tree, 'build/extension/packaging/package.js'), `--out=${out}`],
    cwd: tree,
    boundMs: 3 * 60_000,
    output: 'keep',
  });
  if (!ended.ok)
    throw new Error(`the extension could not be packaged, ${ended.outcome}:\n${ended.output.trim()}`);
  return out;
}
