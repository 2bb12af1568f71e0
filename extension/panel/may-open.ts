/**
 * May a path that stands in a trace be opened without asking? A trace file is hostile
 * input: only what lies in the workspace or beside the traced program is opened at once.
 * It decides on the text of the path alone and touches no file: on Windows, looking at a network path already tells.
 */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path as a plain absolute one, or null when it is not a file's ("node:fs", "evalmachine.<anonymous>", a URL). */
export function plainPath(file: string): string | null {
  if (file.includes('\0')) return null;
  if (/^file:/i.test(file)) {
    try {
      return fileURLToPath(file);
    } catch {
      return null;
    }
  }
  return isAbsolute(file) ? resolve(file) : null;
}

/** @param path as `plainPath` gives it. */
export function mayOpenUnasked(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isInside(path, folder));
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
