/** Finds the Nodes that run the traced programs: the machine's first, then the registry's. */

import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { announceInstall, cached } from './cache.ts';
import { findProgram, isProgram } from './find-program.ts';
import { npmInstall } from './npm.ts';

export type NodeMajor = 14 | 16 | 20 | 22 | 24 | 26;

/** Fetched when the machine has none. The package exists for PACKAGED_PLATFORMS. */
const PINNED_VERSIONS: Readonly<Record<NodeMajor, string>> = {
  14: '14.21.3',
  16: '16.20.2',
  20: '20.20.2',
  22: '22.23.3',
  24: '24.21.0',
  26: '26.12.1',
};
const PACKAGED_PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win-x64'];

export async function findNode(major: NodeMajor): Promise<string> {
  return installedNode(major) ?? (await nodeFromRegistry(major));
}

/** SIMUL_NODE_20, SIMUL_NODE_22 and SIMUL_NODE_24, for the suite that runs programs. */
export async function nodeEnvironment(
  majors: readonly NodeMajor[] = [20, 22, 24],
): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const major of majors) env[`SIMUL_NODE_${major}`] = await findNode(major);
  return env;
}

function installedNode(major: NodeMajor): string | undefined {
  const named = process.env[`SIMUL_NODE_${major}`];
  if (named !== undefined && named !== '') return named;
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  return findProgram([`node${major}`, `node-${major}`]) ?? nvmNode(major);
}

function nvmNode(major: NodeMajor): string | undefined {
  const folder = join(process.env['NVM_DIR'] || join(homedir(), '.nvm'), 'versions/node');
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith(`v${major}.`))
      .sort(new Intl.Collator('en', { numeric: true }).compare)
      .map((name) => join(folder, name, 'bin/node'))
      .filter(isProgram)
      .at(-1);
  } catch {
    return undefined;
  }
}

/** The registry's Node, even where the machine has that major: the test host is pinned to one. */
export async function nodeFromRegistry(major: NodeMajor): Promise<string> {
  const version = PINNED_VERSIONS[major];
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  if (!PACKAGED_PLATFORMS.includes(platform)) {
    throw new Error(
      `Node ${major} is not on this machine, and the registry has none for ${platform}; set SIMUL_NODE_${major}`,
    );
  }
  const name = `node-${platform}`;
  const folder = await cached(`node-${version}`, async (temporary) => {
    announceInstall(`Node ${version}, from the npm package ${name} (190 MB in the cache)`);
    await npmInstall({ folder: temporary, spec: `${name}@${version}` });
  });
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(folder, 'node_modules', name, 'bin', binary);
}
