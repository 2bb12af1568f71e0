/**
 * Puts the library into a project: a copy from the extension's own bundle into its `node_modules`, so that programs run without the
 * instrument, too. Nothing is fetched (the name is not ours on every registry), and nothing of somebody else's is written over.
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

/** What of `dist/` is the library's. */
const PARTS = /^(index|trace|frames|parallel-worker|library-\w+)\.js$|^types$/;
const PAGES = ['README.md', 'readme.md', 'LICENSE', 'LICENSE.txt'];
/** Of package.json: what Node and a compiler ask, and by what the loader knows it for ours. */
const FIELDS = ['name', 'version', 'description', 'publisher', 'license', 'type', 'engines', 'exports'];

interface Manifest {
  readonly version?: unknown;
  readonly publisher?: unknown;
}

export interface Added {
  readonly done: boolean;
  /** What was done, or why nothing was: one sentence. */
  readonly words: string;
}

/** @param extension folder of the extension @param project folder whose `node_modules` is meant */
export function addLibrary(extension: string, project: string): Added {
  const to = join(project, 'node_modules', 'simul');
  // Made beside its place and moved into it: it is there whole, or not at all.
  const making = `${to}.making-${process.pid}`;
  try {
    return copyInto(project, to, making, extension);
  } catch (error) {
    if (existsSync(making)) rmSync(making, { recursive: true, force: true });
    const why = error instanceof Error ? error.message : String(error);
    return { done: false, words: `The library could not be copied to ${to}: ${why}` };
  }
}

function copyInto(project: string, to: string, making: string, extension: string): Added {
  const manifest = readManifest(extension);
  const version = String(manifest?.version);
  const there = installed(to);
  if (there.what === 'link')
    return { done: false, words: `${to} is a link to a folder, which was left as it is.` };
  if (there.what === 'stranger')
    return { done: false, words: `${to} is another package of that name, which was left as it is.` };
  if (there.what === 'ours' && there.version === version)
    return { done: false, words: `${to} holds the library in this version (${version}) already.` };
  rmSync(making, { recursive: true, force: true });
  mkdirSync(join(making, 'dist'), { recursive: true });
  for (const part of readdirSync(join(extension, 'dist')).filter((name) => PARTS.test(name)))
    copy(join(extension, 'dist', part), join(making, 'dist', part));
  for (const page of PAGES) copy(join(extension, page), join(making, page));
  const kept = Object.fromEntries(Object.entries(manifest ?? {}).filter(([key]) => FIELDS.includes(key)));
  writeFileSync(join(making, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);
  rmSync(to, { recursive: true, force: true });
  renameSync(making, to);
  const files = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const instead = there.what === 'ours' ? ` in place of ${there.version}` : '';
  return {
    done: true,
    words:
      `simul ${version} was copied from the extension into ${basename(project)}/node_modules/simul${instead} (${files.length} files): ` +
      `nothing was downloaded, package.json is as it was, and an npm install may take the copy away again.`,
  };
}

/** Whether an import of the library in that file finds it, ours or not; in the library's own project it does. */
export function isInstalledFor(file: string): boolean {
  for (let at = dirname(file), up = dirname(at); ; at = up, up = dirname(at)) {
    if (existsSync(join(at, 'node_modules/simul/package.json'))) return true;
    if (readManifest(at)?.publisher === 'simul') return true;
    if (up === at) return false;
  }
}

/** The folder of the nearest package.json, not above `limit`; `limit` itself where there is none. */
export function projectOf(file: string, limit: string): string {
  for (let at = dirname(file), up = dirname(at); at.startsWith(limit); at = up, up = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (up === at) break;
  }
  return limit;
}

type Installed = { what: 'nothing' | 'link' | 'stranger' } | { what: 'ours'; version: string };

function installed(folder: string): Installed {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return { what: 'nothing' };
  if (stat.isSymbolicLink()) return { what: 'link' };
  const manifest = readManifest(folder);
  return manifest?.publisher === 'simul'
    ? { what: 'ours', version: String(manifest.version) }
    : { what: 'stranger' };
}

function readManifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest | null;
  } catch {
    return null;
  }
}

/** Into a VS Code extension's folder things are unpacked as plain files. */
function copy(from: string, to: string): void {
  if (existsSync(from)) cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.map') });
}
