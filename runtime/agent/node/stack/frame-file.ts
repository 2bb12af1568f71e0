/**
 * The path of a stack frame's file: V8 names CommonJS files by path and ES modules by URL. The code
 * of a `data:` URL has a short name instead.
 */
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_DATA_NAME = 60;

/** The name under which the code of a `data:` URL is known. */
export function dataName(url: string): string {
  return url.slice(0, MAX_DATA_NAME);
}

export function fileOfFrame(name: string | null | undefined): string | null {
  if (!name) return null;
  if (name.startsWith('data:')) return dataName(name);
  if (!name.startsWith('file:')) return isAbsolute(name) ? name : null;
  try {
    return fileURLToPath(name);
  } catch {
    return null;
  }
}
