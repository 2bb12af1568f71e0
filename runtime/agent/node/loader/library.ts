/**
 * Under trace `simul` means the library that is shipped with the instrument, wherever it is
 * imported from. So the two fit together, and a program can try the library before it is installed.
 * There is one library per program: its tasks would not know each other otherwise.
 *
 * It leaves alone a package of somebody else's that bears the name.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LoaderOptions } from './options.ts';

/**
 * The entries of the library, by import; the same as `exports` in package.json (a test compares).
 */
export const ENTRIES: ReadonlyMap<string, string> = new Map([
  ['simul', 'index.js'],
  ['simul/frames', 'frames.js'],
  ['simul/jobs', 'jobs.js'],
  ['simul/trace', 'trace.js'],
]);

/** Packages that the library uses where the program brings them along. */
const PEERS: readonly string[] = ['apache-arrow', 'bullmq'];

export interface Library {
  /** `file:` URL of the entry that an import means; null when it is no import of the library. */
  urlOf(specifier: string, parentUrl: string | undefined): string | null;
  /**
   * The module from which an import is resolved; undefined: the importing one. The library's peers
   * are resolved from the program.
   */
  parentFor(specifier: string, parentUrl: string | undefined): string | undefined;
  /** There is a library beside the instrument: `simul` means it. */
  readonly isBundled: boolean;
}

/** Whether a text may import the library: else its imports need not be looked at. */
export function namesLibrary(source: unknown): boolean {
  if (typeof source === 'string') return /['"`]simul(?:\/[a-z]+)?['"`]/.test(source);
  if (!ArrayBuffer.isView(source)) return false;
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return bytes.includes('simul') && namesLibrary(bytes.toString());
}

export const noLibrary: Library = { urlOf: () => null, parentFor: () => undefined, isBundled: false };

export function bundledLibrary({ libraryUrl: folderUrl, program }: LoaderOptions): Library {
  if (folderUrl === undefined) return noLibrary;
  const foreignFolders = new Map<string, boolean>();
  return {
    isBundled: true,
    urlOf(specifier, parentUrl) {
      if (!specifier.startsWith('simul')) return null;
      const entry = ENTRIES.get(specifier);
      if (entry === undefined) return null;
      if (parentUrl?.startsWith('file:')) {
        const folder = fileURLToPath(new URL('.', parentUrl));
        let isForeign = foreignFolders.get(folder);
        if (isForeign === undefined) foreignFolders.set(folder, (isForeign = isOtherPackage(folder)));
        if (isForeign) return null;
      }
      return new URL(entry, folderUrl).href;
    },
    parentFor(specifier, parentUrl) {
      if (!PEERS.includes(specifier) || parentUrl?.startsWith(folderUrl) !== true) return undefined;
      return program === undefined ? undefined : pathToFileURL(realPath(program)).href;
    },
  };
}

/**
 * Whether, seen from a folder, the name means somebody else's package: an installed one, or the one
 * that the folder is in.
 */
function isOtherPackage(folder: string): boolean {
  let isInnermost = true;
  for (let at = folder, parent = join(at, '..'); ; at = parent, parent = join(at, '..')) {
    const enclosing = isInnermost ? readManifest(at) : null;
    if (enclosing !== null) isInnermost = false;
    if (enclosing?.name === 'simul' && enclosing.exports !== undefined) return !isOurs(enclosing);
    const installed = readManifest(join(at, 'node_modules/simul'));
    if (installed !== null) return !isOurs(installed);
    if (parent === at) return false;
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

/** Only our own package has this publisher. */
function isOurs({ publisher }: Manifest): boolean {
  return publisher === 'simul';
}

function readManifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest | null;
  } catch {
    return null;
  }
}
