/**
 * Where the loader keeps instrumented sources between runs. The folder is private to the user
 * (0700), since the programs run what stands in it. A folder that belongs to another user is
 * refused; having no folder costs only time.
 */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isPrivateFolder } from '../recorder/private-folder.ts';
import { makeFolder } from './make-folder.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The folder, made if need be; null: there is none that can be trusted. */
export function cacheFolder(env: Env = process.env): string | null {
  const folder = cachePath(env);
  try {
    makeFolder(folder, 0o700);
    return isPrivateFolder(folder) ? folder : null;
  } catch {
    return null;
  }
}

function cachePath(env: Env): string {
  const requested = env['SIMUL_CACHE'];
  if (requested !== undefined && isAbsolute(requested)) return requested;
  const home = env['HOME'] || homedir();
  if (process.platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'simul', 'cache');
  }
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'simul');
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.cache'), 'simul');
}
