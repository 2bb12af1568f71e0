/** Installs from the npm registry into a folder of the cache. It runs no install scripts. */

import { existsSync } from 'node:fs';
import { dirname, delimiter, join } from 'node:path';
import { runCommand } from './run-command.ts';

export interface NpmInstall {
  readonly folder: string;
  /** name@version; absent: what the folder's own package.json asks for. */
  readonly spec?: string;
  /** The Node that runs npm's children and gives the headers; absent: the current one. */
  readonly node?: string;
}

const MAX_INSTALL_MS = 5 * 60_000;

export async function npmInstall(install: NpmInstall): Promise<void> {
  const { folder, spec } = install;
  const packages = spec === undefined ? ['--omit=dev'] : [spec];
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...packages];
  const npm = npmCommand();
  const ended = await runCommand({
    file: npm.file,
    args: [...npm.args, ...args],
    cwd: folder,
    env: npmEnvironment(install.node),
    boundMs: MAX_INSTALL_MS,
    output: 'keep',
  });
  if (ended.ok) return;
  throw new Error(`npm install ${spec ?? `in ${folder}`} failed, ${ended.outcome}:\n${ended.output.trim()}`);
}

/** The npm that runs this process, else the one beside its Node, else the one on the PATH. */
function npmCommand(): { file: string; args: readonly string[] } {
  const beside = join(dirname(process.execPath), '..', 'lib/node_modules/npm/bin/npm-cli.js');
  for (const script of [process.env['npm_execpath'], beside]) {
    if (script?.endsWith('.js') && existsSync(script)) return { file: process.execPath, args: [script] };
  }
  return { file: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** The outer npm sets prefixes for its own folder, which the inner one must not inherit. */
function npmEnvironment(node: string | undefined): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_(config_(local_|global_)?prefix|package_.*|lifecycle_.*|command)$/i.test(name))
      delete env[name];
  }
  if (node !== undefined) env['PATH'] = `${dirname(node)}${delimiter}${env['PATH'] ?? ''}`;
  return env;
}
