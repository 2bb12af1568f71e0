/** Python packages that programs of the tests import, installed into the cache. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { announceInstall, cached, cacheFolder } from './cache.ts';

/**
 * @param wanted `name==version`, in the order of their names
 * @param what they are for, as told when they are installed
 * @returns a folder for PYTHONPATH
 * @throws Error: pip failed
 */
export async function pythonPackages(
  wanted: readonly string[],
  what: string,
  python = 'python3',
): Promise<string> {
  const version = spawnSync(python, ['--version'], { encoding: 'utf8' }).stdout;
  const hash = createHash('sha256')
    .update(`${version} ${wanted.join(' ')}`)
    .digest('hex')
    .slice(0, 10);
  // The pip of `python3` gets them also for an interpreter that has none.
  const hasPip = python === 'python3' || spawnSync(python, ['-m', 'pip', '--version']).status === 0;
  const number = /(\d+\.\d+)/.exec(version)?.[1] ?? '';
  const forOther = hasPip ? [] : ['--python-version', number, '--only-binary=:all:'];
  const entry = `corpus-python-${hash}`;
  if (!existsSync(join(cacheFolder, entry))) announceInstall(`the Python packages of ${what}`);
  const place = await cached(entry, async (temporary) => {
    const target = join(temporary, 'site-packages');
    const { status, stderr } = spawnSync(
      hasPip ? python : 'python3',
      ['-m', 'pip', 'install', '--quiet', '--no-compile', '--target', target, ...forOther, ...wanted],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`pip could not install ${wanted.join(', ')}: ${stderr}`);
  });
  return join(place, 'site-packages');
}
