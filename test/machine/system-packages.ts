/** Installs packages of Debian or Ubuntu: only as root, and only after saying so. */

import { existsSync } from 'node:fs';
import { announceInstall } from './cache.ts';
import { runCommand } from './run-command.ts';

/** @returns undefined when they are installed, else one sentence that says why not */
export async function installPackages(names: readonly string[]): Promise<string | undefined> {
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (!existsSync('/etc/debian_version')) return `the system is not Debian or Ubuntu, so not: ${command}`;
  if (process.getuid?.() !== 0) return `it needs root: sudo ${command}`;
  announceInstall(`the system's packages ${names.join(', ')}: apt-get update, ${command}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '--no-install-recommends', ...names],
  ]) {
    const ended = await runCommand({ file: 'apt-get', args, env, boundMs: 5 * 60_000, output: 'keep' });
    if (!ended.ok)
      return `apt-get ${args.join(' ')} failed, ${ended.outcome}:\n${ended.output.trim().slice(-1500)}`;
  }
  return undefined;
}
