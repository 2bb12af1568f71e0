/**
 * The cache of everything that the tests fetch: one folder outside the checkout, so that a second
 * run and a second checkout find it. An entry is there whole or not at all: it is made beside its
 * place and moved into it.
 */

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** SIMUL_TEST_CACHE, else ${XDG_CACHE_HOME:-~/.cache}/simul-test. */
export const cacheFolder: string =
  process.env['SIMUL_TEST_CACHE'] ||
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'simul-test');

/**
 * The folder of one entry, filled by `make` when it is not there yet.
 * @param name holds the version: another version is another entry
 * @param maker tells two processes apart that make the same entry
 */
export async function cached(
  name: string,
  make: (folder: string) => Promise<void>,
  root: string = cacheFolder,
  maker: string = String(process.pid),
): Promise<string> {
  const place = join(root, name);
  if (existsSync(place)) return place;
  const temporary = join(root, `${name}.making-${maker}`);
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  try {
    await make(temporary);
    renameSync(temporary, place);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process was quicker, and its entry is as good.
    if (!existsSync(place)) throw error;
  }
  return place;
}

/** Prints what is about to be installed. */
export function announceInstall(line: string): void {
  console.log(`   ⇣ ${line}`);
}
