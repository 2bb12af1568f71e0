/** The Python packages that programs of the corpus and the examples import, kept in the cache. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { announceInstall, cached, cacheFolder } from '../machine/cache.ts';

/** By the name on PyPI. */
const VERSIONS: Readonly<Record<string, string>> = {
  aiofiles: '24.1.0',
  aiohttp: '3.9.5',
  anyio: '4.4.0',
  debugpy: '1.8.9',
  httpx: '0.27.2',
  pandas: '2.2.2',
  redis: '5.0.8',
  rq: '1.16.2',
  trio: '0.26.2',
  uvloop: '0.19.0',
};

/**
 * @param folders of the programs
 * @param python that imports them; for another than `python3` the newest versions are taken
 * @returns a folder for PYTHONPATH; null: none of them needs a package
 * @throws Error: pip failed
 */
export async function pythonPackagesFor(
  folders: readonly string[],
  python = 'python3',
): Promise<string | null> {
  const names = [...new Set(folders.flatMap(needsOf))].sort();
  return names.length === 0 ? null : await pythonPackages(names, python);
}

/** @param names on PyPI, rows of the table above. @returns a folder for PYTHONPATH */
export async function pythonPackages(names: readonly string[], python = 'python3'): Promise<string> {
  const version = spawnSync(python, ['--version'], { encoding: 'utf8' }).stdout;
  const isDefault = python === 'python3';
  const wanted = names.map((name) => (isDefault ? `${name}==${VERSIONS[name]}` : name));
  const hasPip = isDefault || spawnSync(python, ['-m', 'pip', '--version']).status === 0;
  // The pip of `python3` gets them also for an interpreter that has none.
  const number = /(\d+\.\d+)/.exec(version)?.[1] ?? '';
  const target = hasPip ? [] : ['--python-version', number, '--only-binary=:all:'];
  const hash = createHash('sha256')
    .update(`${version} ${wanted.join(' ')}${isDefault ? '' : ' own'}`)
    .digest('hex')
    .slice(0, 10);
  const entry = `corpus-python-${hash}`;
  if (!existsSync(join(cacheFolder, entry))) announceInstall('Python packages');
  const place = await cached(entry, async (temporary) => {
    const place = join(temporary, 'site-packages');
    const { status, stderr } = spawnSync(
      hasPip ? python : 'python3',
      ['-m', 'pip', 'install', '--quiet', '--no-compile', '--target', place, ...target, ...wanted],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`pip could not install ${wanted.join(', ')}: ${stderr}`);
  });
  return join(place, 'site-packages');
}

function needsOf(folder: string): string[] {
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.py'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  return Object.keys(VERSIONS).filter((name) =>
    texts.some((text) => new RegExp(`^\\s*(?:import|from) ${name}\\b`, 'm').test(text)),
  );
}
