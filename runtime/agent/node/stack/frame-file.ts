/** The path of a stack frame's file, whether V8 calls it by path (CommonJS) or by URL (ES modules). */
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
