/** The .vsix under test: made once a run by `npm run package`'s own code, or the one that SIMUL_VSIX names. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand } from './command.ts';
import { tree } from './tree.ts';

let made: Promise<string> | undefined;

export function extensionPackage(): Promise<string> {
  return (made ??= make());
}

async function make(): Promise<string> {
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
    throw new Error(`the extension could not be packaged, ${ended.how}:\n${ended.output.trim()}`);
  return out;
}
