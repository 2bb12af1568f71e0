/**
 * The packages that ways need, a folder of test/same/packages a group: its package.json has exact
 * versions. A group is installed into the cache, never into the checkout's node_modules.
 */

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { announceInstall, cached, cacheFolder } from '../machine/cache.ts';
import { npmInstall } from '../machine/npm.ts';
import { tree } from '../machine/tree.ts';

export type PackageGroup = 'typescript' | 'jest-29' | 'jest-30' | 'vitest' | 'ava' | 'tap';

const manifestOf = (group: PackageGroup): string => join(tree, 'test/same/packages', group, 'package.json');

/** Other versions are another entry of the cache. */
function entryOf(group: PackageGroup): string {
  const hash = createHash('sha256')
    .update(readFileSync(manifestOf(group)))
    .digest('hex');
  return `same-${group}-${hash.slice(0, 10)}`;
}

const installed = new Map<PackageGroup, Promise<string>>();

/** The group's node_modules; rejects when it is not in the cache and cannot be installed. */
export function packagesOf(group: PackageGroup): Promise<string> {
  const found = installed.get(group) ?? install(group);
  installed.set(group, found);
  return found;
}

async function install(group: PackageGroup): Promise<string> {
  const isThere = existsSync(join(cacheFolder, entryOf(group)));
  if (!isThere) announceInstall(`the packages of test/same/packages/${group}`);
  const folder = await cached(entryOf(group), async (temporary) => {
    copyFileSync(manifestOf(group), join(temporary, 'package.json'));
    await npmInstall({ folder: temporary });
  });
  return join(folder, 'node_modules');
}
