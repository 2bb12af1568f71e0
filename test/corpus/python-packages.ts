/** The Python packages that programs of the corpus import, installed together into the cache. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonPackages } from '../machine/python-packages.ts';

/** By the name on PyPI. */
const VERSIONS: Readonly<Record<string, string>> = {
  aiohttp: '3.9.5',
  anyio: '4.4.0',
  httpx: '0.27.2',
  pandas: '2.2.2',
  redis: '5.0.8',
  rq: '1.16.2',
  trio: '0.26.2',
};

/**
 * @param folders of the programs
 * @returns a folder for PYTHONPATH; null: none of them needs a package
 * @throws Error: pip failed
 */
export async function pythonPackagesFor(folders: readonly string[]): Promise<string | null> {
  const names = [...new Set(folders.flatMap(needsOf))].sort();
  if (names.length === 0) return null;
  const wanted = names.map((name) => `${name}==${VERSIONS[name]}`);
  return pythonPackages(wanted, 'the corpus');
}

function needsOf(folder: string): string[] {
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.py'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  return Object.keys(VERSIONS).filter((name) =>
    texts.some((text) => new RegExp(`^\\s*(?:import|from) ${name}\\b`, 'm').test(text)),
  );
}
