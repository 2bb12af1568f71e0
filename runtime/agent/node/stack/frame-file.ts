/**
 * The path of a stack frame's file: V8 names CommonJS files by path and ES modules by URL. The code
 * of a `data:` URL has a short name instead.
 */
import { isAbsolute, normalize } from 'node:path';
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
    return process.platform === 'win32' ? fileURLToPath(name) : pathOfUrl(name);
  } catch {
    return null;
  }
}

const firstOf = (a: number, b: number): number => (a < 0 || b < 0 ? Math.max(a, b) : Math.min(a, b));

/**
 * As `fileURLToPath` does it, and without a `URL` or a regular expression: a stack may be read in
 * between other code (recorder/in-between.ts).
 */
function pathOfUrl(url: string): string | null {
  if (!url.startsWith('file:///')) return null;
  const end = firstOf(url.indexOf('?'), url.indexOf('#'));
  const encoded = url.slice('file://'.length, end < 0 ? undefined : end);
  if (encoded.includes('%2f') || encoded.includes('%2F')) return null;
  const path = decodeURIComponent(encoded);
  return path.includes('/.') ? normalize(path) : path;
}
