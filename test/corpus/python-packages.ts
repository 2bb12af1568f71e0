/** The Python packages that programs of the corpus and the examples import, kept in the cache. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonPackages } from '../machine/python-packages.ts';

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
  return names.length === 0 ? null : await packagesNamed(names, python);
}

/** @param names on PyPI, rows of the table above. @returns a folder for PYTHONPATH */
export async function packagesNamed(names: readonly string[], python = 'python3'): Promise<string> {
  // Other interpreters may need other versions than that of this machine.
  const wanted = python === 'python3' ? names.map((name) => `${name}==${VERSIONS[name]}`) : names;
  return pythonPackages(wanted, 'the corpus', python);
}

function needsOf(folder: string): string[] {
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.py'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  return Object.keys(VERSIONS).filter((name) =>
    texts.some((text) => new RegExp(`^\\s*(?:import|from) ${name}\\b`, 'm').test(text)),
  );
}
