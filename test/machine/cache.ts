/**
 * What the tests fetch for themselves lives in one folder outside the tree, so that a
 * second run, and a second checkout, find it. An entry is there whole or not at all:
 * it is made beside its place and moved into it.
 */

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** SIMUL_TEST_CACHE, else ${XDG_CACHE_HOME:-~/.cache}/simul-test. */
export const cacheFolder: string =
  process.env['SIMUL_TEST_CACHE'] ||
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'simul-test');

/**
 * The folder of one entry, made by `make` when it is not there yet.
 * `name` holds the version: another version is another entry.
 */
export async function cached(
  name: string,
  make: (folder: string) => Promise<void>,
  root: string = cacheFolder,
  maker: string = String(process.pid),
): Promise<string> {
  const place = join(root, name);
  if (existsSync(place)) return place;
  const making = join(root, `${name}.making-${maker}`);
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  try {
    await make(making);
    renameSync(making, place);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Somebody else was quicker: theirs is as good.
    if (!existsSync(place)) throw error;
  }
  return place;
}

/** Tells the person what is about to be installed, before it is. */
export function announce(line: string): void {
  console.log(`   ⇣ ${line}`);
}
