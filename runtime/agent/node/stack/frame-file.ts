/** The path of a stack frame's file: V8 names CommonJS files by path and ES modules by URL. */
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

export function fileOfFrame(name: string | null | undefined): string | null {
  if (!name) return null;
  if (!name.startsWith('file:')) return isAbsolute(name) ? name : null;
  try {
    return fileURLToPath(name);
  } catch {
    return null;
  }
}
