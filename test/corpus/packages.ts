/**
 * The packages that programs of the corpus import: what the package.json files of their folders ask
 * for, installed together into the cache.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { announceInstall, cached, cacheFolder } from '../machine/cache.ts';
import { npmInstall } from '../machine/npm.ts';

/** @returns the path of a node_modules; null: no folder asks for a package */
export async function packagesFor(folders: readonly string[]): Promise<string | null> {
  const dependencies: Record<string, string> = {};
  for (const folder of folders) {
    const manifest = join(folder, 'package.json');
    if (!existsSync(manifest)) continue;
    Object.assign(dependencies, (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest).dependencies);
  }
  if (Object.keys(dependencies).length === 0) return null;
  const manifest = JSON.stringify({ private: true, dependencies });
  const hash = createHash('sha256').update(manifest).digest('hex').slice(0, 10);
  const entry = `corpus-${hash}`;
  if (!existsSync(join(cacheFolder, entry))) announceInstall('the packages of the corpus');
  const place = await cached(entry, async (temporary) => {
    writeFileSync(join(temporary, 'package.json'), manifest);
    await npmInstall({ folder: temporary });
  });
  return join(place, 'node_modules');
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}
