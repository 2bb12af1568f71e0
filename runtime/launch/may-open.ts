/**
 * Decides whether a path from a trace may be opened without asking. A trace file is hostile input:
 * only files in the workspace or beside the traced program are opened at once. It decides by the
 * text of the path alone and touches no file: on Windows, a look at a network path already tells
 * its host.
 */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The absolute path; null when it is no file's ("node:fs", "evalmachine.<anonymous>", a URL). */
export function absolutePathOf(file: string): string | null {
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

/** @param path as `absolutePathOf` returns it */
export function mayOpenWithoutAsking(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isInside(path, folder));
}

function isInside(path: string, folder: string): boolean {
  const rest = relative(folder, path);
  return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
