/** Installs from the npm registry into a folder of the cache; runs no install scripts. */

import { existsSync } from 'node:fs';
import { dirname, delimiter, join } from 'node:path';
import { runCommand } from './command.ts';

export interface NpmInstall {
  readonly folder: string;
  /** name@version, or nothing to install what the folder's own package.json asks for. */
  readonly spec?: string;
  /** The Node to run npm's children with, and to take headers from; the current one when absent. */
  readonly node?: string;
}

const boundMs = 5 * 60_000;

export async function npmInstall(install: NpmInstall): Promise<void> {
  const { folder, spec } = install;
  const wanted = spec === undefined ? ['--omit=dev'] : [spec];
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...wanted];
  const npm = npmCommand();
  const ended = await runCommand({
    file: npm.file,
    args: [...npm.args, ...args],
    cwd: folder,
    env: environment(install.node),
    boundMs,
    output: 'keep',
  });
  if (ended.ok) return;
  throw new Error(`npm install ${spec ?? `in ${folder}`} failed, ${ended.how}:\n${ended.output.trim()}`);
}

/** The npm that runs us, or the one beside our Node, or the one on the PATH. */
function npmCommand(): { file: string; args: readonly string[] } {
  const beside = join(dirname(process.execPath), '..', 'lib/node_modules/npm/bin/npm-cli.js');
  for (const script of [process.env['npm_execpath'], beside]) {
    if (script?.endsWith('.js') && existsSync(script)) return { file: process.execPath, args: [script] };
  }
  return { file: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** An npm that runs us sets prefixes for its own tree; the inner one must not inherit them. */
function environment(node: string | undefined): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_(config_(local_|global_)?prefix|package_.*|lifecycle_.*|command)$/i.test(name))
      delete env[name];
  }
  if (node !== undefined) env['PATH'] = `${dirname(node)}${delimiter}${env['PATH'] ?? ''}`;
  return env;
}
