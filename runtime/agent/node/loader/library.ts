/**
 * Under trace `simul` means the library that ships with the instrument, wherever it is imported from: so the two fit together, and a
 * program can try it before it is installed. One library for all of a program, or its tasks would not know each other. A package
 * of somebody else's that bears the name stays what it is.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LoaderOptions } from './options.ts';

/** What may stand behind the name; the same as `exports` in package.json, which a test compares. */
export const ENTRIES: ReadonlyMap<string, string> = new Map([
  ['simul', 'index.js'],
  ['simul/frames', 'frames.js'],
  ['simul/trace', 'trace.js'],
]);

/** Packages that the library uses where the program brings them. */
const PEERS: readonly string[] = ['apache-arrow'];

export interface Library {
  /** `file:` URL of what an import means, or null where it is none of the library. */
  url(specifier: string, parentUrl: string | undefined): string | null;
  /** From where an import is to be looked for; `undefined`: from where it stands. The library's peers are the program's. */
  lookFrom(specifier: string, parentUrl: string | undefined): string | undefined;
}

export const noLibrary: Library = { url: () => null, lookFrom: () => undefined };

export function bundledLibrary({ libraryUrl: folderUrl, program }: LoaderOptions): Library {
  if (folderUrl === undefined) return noLibrary;
  const strangers = new Map<string, boolean>();
  return {
    url(specifier, parentUrl) {
      if (!specifier.startsWith('simul')) return null;
      const entry = ENTRIES.get(specifier);
      if (entry === undefined) return null;
      if (parentUrl?.startsWith('file:')) {
        const folder = fileURLToPath(new URL('.', parentUrl));
        let stranger = strangers.get(folder);
        if (stranger === undefined) strangers.set(folder, (stranger = isOtherPackage(folder)));
        if (stranger) return null;
      }
      return new URL(entry, folderUrl).href;
    },
    lookFrom(specifier, parentUrl) {
      if (!PEERS.includes(specifier) || parentUrl?.startsWith(folderUrl) !== true) return undefined;
      return program === undefined ? undefined : pathToFileURL(realPath(program)).href;
    },
  };
}

/** Whether the name means somebody else's package, seen from a folder: an installed one, or the one that the folder is in. */
function isOtherPackage(folder: string): boolean {
  let own = true;
  for (let at = folder, up = join(at, '..'); ; at = up, up = join(at, '..')) {
    const around = own ? manifest(at) : null;
    if (around !== null) own = false;
    if (around?.name === 'simul' && around.exports !== undefined) return around.publisher !== 'simul';
    const installed = manifest(join(at, 'node_modules/simul'));
    // Ours alone names its publisher so.
    if (installed !== null) return installed.publisher !== 'simul';
    if (up === at) return false;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

interface Manifest {
  readonly name?: unknown;
  readonly publisher?: unknown;
  readonly exports?: unknown;
}

function manifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest | null;
  } catch {
    return null;
  }
}
