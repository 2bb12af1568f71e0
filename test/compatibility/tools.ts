/** The packages of the matrix, in exact versions: in the cache, never in the checkout. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { announceInstall, cached, cacheFolder } from '../machine/cache.ts';
import { npmInstall } from '../machine/npm.ts';
import { tree } from '../machine/tree.ts';

const MANIFEST = join(tree, 'test/compatibility/packages/package.json');

/** Their node_modules; rejects when they are not in the cache and cannot be installed. */
export async function installTools(): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(MANIFEST)).digest('hex').slice(0, 10);
  const entry = `compatibility-${hash}`;
  if (!existsSync(join(cacheFolder, entry)))
    announceInstall('the packages of test/compatibility/packages (300 MB in the cache)');
  const folder = await cached(entry, async (temporary) => {
    copyFileSync(MANIFEST, join(temporary, 'package.json'));
    await npmInstall({ folder: temporary });
  });
  return join(folder, 'node_modules');
}
