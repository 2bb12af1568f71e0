/**
 * Copies the library from the extension's bundle into a project's `node_modules`, so that a program
 * that imports it runs untraced, too. It refuses to download (the name is not ours on every
 * registry) and to overwrite what somebody else put there.
 */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The library's files in `dist/`. */
const LIBRARY_FILES =
  /^(index|trace|frames|jobs|parallel-worker|library-\w+)\.js$|^(index|trace|frames|jobs|library)\.cjs$|^types$/;
const DOCUMENT_FILES = ['README.md', 'readme.md', 'LICENSE', 'LICENSE.txt'];
/** The fields of package.json that Node, a compiler and the loader's check for our library read. */
const KEPT_FIELDS = ['name', 'version', 'description', 'publisher', 'license', 'type', 'engines', 'exports'];

interface Manifest {
  readonly version?: unknown;
  readonly publisher?: unknown;
}

export interface InstallResult {
  readonly done: boolean;
  /** One sentence: what was done, or why nothing was. */
  readonly words: string;
}

/**
 * @param extension folder of the extension
 * @param project folder that gets the `node_modules/simul`
 */
export function installLibrary(extension: string, project: string): InstallResult {
  const to = join(project, 'node_modules', 'simul');
  // Copied beside its place and moved into it: the library is there whole, or not at all.
  const unfinished = `${to}.making-${process.pid}`;
  try {
    return copyInto({ project, to, unfinished, extension });
  } catch (error) {
    if (existsSync(unfinished)) rmSync(unfinished, { recursive: true, force: true });
    const reason = error instanceof Error ? error.message : String(error);
    return { done: false, words: `The library could not be copied to ${to}: ${reason}` };
  }
}

interface CopyPaths {
  readonly project: string;
  /** The library's place in the project. */
  readonly to: string;
  readonly unfinished: string;
  readonly extension: string;
}

function copyInto({ project, to, unfinished, extension }: CopyPaths): InstallResult {
  const manifest = readManifest(extension);
  const version = String(manifest?.version);
  const installed = findInstalled(to);
  if (installed.kind === 'link')
    return { done: false, words: `${to} is a link to a folder, which was left as it is.` };
  if (installed.kind === 'foreign')
    return { done: false, words: `${to} is another package of that name, which was left as it is.` };
  if (installed.kind === 'ours' && installed.version === version)
    return { done: false, words: `${to} holds the library in this version (${version}) already.` };
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, 'dist'), { recursive: true });
  for (const file of readdirSync(join(extension, 'dist')).filter((name) => LIBRARY_FILES.test(name)))
    copyWithoutMaps(join(extension, 'dist', file), join(unfinished, 'dist', file));
  for (const file of DOCUMENT_FILES) copyWithoutMaps(join(extension, file), join(unfinished, file));
  const kept = Object.fromEntries(
    Object.entries(manifest ?? {}).filter(([key]) => KEPT_FIELDS.includes(key)),
  );
  writeFileSync(join(unfinished, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);
  rmSync(to, { recursive: true, force: true });
  renameSync(unfinished, to);
  const files = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const replaced = installed.kind === 'ours' ? ` in place of ${installed.version}` : '';
  return {
    done: true,
    words:
      `simul ${version} was copied from the extension into ${basename(project)}/node_modules/simul${replaced} (${files.length} files): ` +
      `nothing was downloaded, package.json is as it was, and an npm install may take the copy away again.`,
  };
}

/** Whether an import of `simul` in that file resolves: to a package, or to the project itself. */
export function isInstalledFor(file: string): boolean {
  for (const folder of foldersAbove(file)) {
    if (existsSync(join(folder, 'node_modules/simul/package.json'))) return true;
    if (readManifest(folder)?.publisher === 'simul') return true;
  }
  return false;
}

/** The folder of the nearest package.json, not above `limit`; without one `limit` itself. */
export function nearestProject(file: string, limit: string): string {
  for (const folder of foldersAbove(file)) {
    if (!folder.startsWith(limit)) break;
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return limit;
}

/** The folder of the file and all above it, up to the root. */
function* foldersAbove(file: string): Generator<string, void, void> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    yield folder;
    if (dirname(folder) === folder) return;
  }
}

type InstalledLibrary = { kind: 'nothing' | 'link' | 'foreign' } | { kind: 'ours'; version: string };

function findInstalled(folder: string): InstalledLibrary {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return { kind: 'nothing' };
  if (stat.isSymbolicLink()) return { kind: 'link' };
  const manifest = readManifest(folder);
  return manifest?.publisher === 'simul'
    ? { kind: 'ours', version: String(manifest.version) }
    : { kind: 'foreign' };
}

function readManifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest | null;
  } catch {
    return null;
  }
}

/** The extension's folder holds source maps where it runs from a checkout: they stay there. */
function copyWithoutMaps(from: string, to: string): void {
  if (existsSync(from)) cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.map') });
}
