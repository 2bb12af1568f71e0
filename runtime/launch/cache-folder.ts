/**
 * Where the loader keeps instrumented texts between runs: private to the user (0700), since what
 * stands in it is run. A folder that belongs to somebody else is not used; none at all costs only time.
 */
import { lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { makeFolder } from './make-folder.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The folder, made if need be; null: there is none that may be trusted. */
export function cacheFolder(env: Env = process.env): string | null {
  const folder = place(env);
  try {
    makeFolder(folder, 0o700);
    const it = lstatSync(folder);
    if (!it.isDirectory()) return null;
    if (process.getuid && (it.uid !== process.getuid() || (it.mode & 0o022) !== 0)) return null;
    return folder;
  } catch {
    return null;
  }
}

function place(env: Env): string {
  const asked = env['SIMUL_CACHE'];
  if (asked !== undefined && isAbsolute(asked)) return asked;
  const home = env['HOME'] || homedir();
  if (process.platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'simul', 'cache');
  }
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'simul');
  const cache = env['XDG_CACHE_HOME'];
  return join(cache !== undefined && isAbsolute(cache) ? cache : join(home, '.cache'), 'simul');
}
