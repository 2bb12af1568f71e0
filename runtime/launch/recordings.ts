/**
 * Where recordings live: a private folder of the user (0700) with one folder for each run. The last
 * ten are kept. A folder in memory (tmpfs) gets a warning: a recording may have two gigabytes, and
 * would be gone with the machine. Only folders that were named here are removed.
 */
import { accessSync, chmodSync, constants, readdirSync, rmSync, statSync, statfsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { writeIdentity } from './identity.ts';
import { makeFolder } from './make-folder.ts';
import { describeIoError } from './describe-io-error.ts';

export const MAX_RECORDINGS = 10;
/** Types of file systems that lie in memory, as Linux's statfs numbers them. */
const TMPFS = 0x01021994;
const RAMFS = 0x858458f6;
const MIN_FREE_BYTES = 1 << 20;
/** 2026-11-21T02-30-12-345-4711, time and process: sorts by time. */
const RUN_NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}-\d+$/;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The folder of all recordings: the requested one, or the platform's folder for a program's state.
 */
export function recordingsFolder(env: Env = process.env, requested?: string): string {
  const chosen = requested ?? env['SIMUL_RECORDINGS'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (process.platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'simul', 'recordings');
  }
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', 'Application Support', 'simul', 'recordings');
  }
  const state = env['XDG_STATE_HOME'];
  // The XDG specification: a path that is not absolute has to be ignored.
  const base =
    state !== undefined && isAbsolute(state) ? state : join(env['HOME'] || homedir(), '.local', 'state');
  return join(base, 'simul', 'recordings');
}

export type NewRecording =
  { readonly folder: string; readonly warning: string | null } | { readonly trouble: string };

/** Makes an empty, private folder for one run, and removes the oldest runs beyond the last ten. */
export function newRecording(
  parent: string,
  now: Date = new Date(),
  pid: number = process.pid,
): NewRecording {
  const stamp = now.toISOString().slice(0, 23).replace(/[:.]/g, '-');
  const made = prepareRecording(join(parent, `${stamp}-${pid}`));
  if ('trouble' in made) return made;
  removeOldRecordings(parent);
  return made;
}

/**
 * Makes the folder private, and checks that it can be written to and lies on a disk.
 * @param isJoined it may hold a recording, to which another program is added
 */
export function prepareRecording(folder: string, isJoined = false): NewRecording {
  try {
    makeFolder(folder, 0o700);
    if (process.platform !== 'win32') chmodSync(folder, 0o700);
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (!isJoined && holdsRecording(folder)) {
      return { trouble: `the folder ${folder} already holds a recording` };
    }
    writeIdentity(folder);
    return { folder, warning: storageWarning(folder) };
  } catch (error) {
    if (isFile(folder)) return { trouble: `${folder} is a file; a recording is a folder` };
    return { trouble: `the recording folder ${folder} cannot be written: ${describeIoError(error)}` };
  }
}

/** @throws the system's error where the folder cannot be listed */
export const holdsRecording = (folder: string): boolean =>
  readdirSync(folder).some((name) => name.endsWith('.part'));

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function storageWarning(folder: string): string | null {
  try {
    const { type, bsize, bavail } = statfsSync(folder);
    if (type === TMPFS || type === RAMFS) {
      return `the recording folder ${folder} lies in memory and will be gone with it; choose another with SIMUL_RECORDINGS (${tmpdir()} often lies in memory too)`;
    }
    if (bsize * bavail < MIN_FREE_BYTES) return `the disk under ${folder} has less than 1 MiB left`;
    return null;
  } catch {
    // Not every platform tells; then there is no warning.
    return null;
  }
}

function removeOldRecordings(parent: string): void {
  const names = readdirSync(parent)
    .filter((name) => RUN_NAME.test(name))
    .sort();
  for (const name of names.slice(0, Math.max(0, names.length - MAX_RECORDINGS))) {
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // In use, or it belongs to another user: it stays until the next run tries again.
    }
  }
}
