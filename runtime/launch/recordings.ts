/**
 * Where recordings live: a private folder of the user's (0700), one folder inside for each
 * run, the last ten kept. Never in memory (tmpfs) when that can be told: a recording may be
 * two gigabytes, and would be gone with the machine. It removes only folders that it named itself.
 */
import { accessSync, chmodSync, constants, readdirSync, rmSync, statfsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { describeIoError } from './describe-io-error.ts';

export const RECORDINGS_KEPT = 10;
const TMPFS = 0x01021994;
const RAMFS = 0x858458f6;
/** 2026-11-21T02-30-12-345-4711: sorts by time. */
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}-\d+$/;

type Env = Readonly<Record<string, string | undefined>>;

/** The folder of all recordings: as asked for, or the platform's place for such state. */
export function recordingsFolder(env: Env = process.env, asked?: string): string {
  const wanted = asked ?? env['SIMUL_RECORDINGS'];
  if (wanted !== undefined && wanted !== '') return resolve(wanted);
  if (process.platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'simul', 'recordings');
  }
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', 'Application Support', 'simul', 'recordings');
  }
  const state = env['XDG_STATE_HOME'];
  // The specification: a path that is not absolute is to be ignored.
  const base =
    state !== undefined && isAbsolute(state) ? state : join(env['HOME'] || homedir(), '.local', 'state');
  return join(base, 'simul', 'recordings');
}

export type NewRecording =
  { readonly folder: string; readonly warning: string | null } | { readonly trouble: string };

/** A new, empty, private folder for one run; older runs beyond the last ten go. */
export function newRecording(
  parent: string,
  now: Date = new Date(),
  pid: number = process.pid,
): NewRecording {
  const stamp = now.toISOString().slice(0, 23).replace(/[:.]/g, '-');
  const made = prepareRecording(join(parent, `${stamp}-${pid}`));
  if ('trouble' in made) return made;
  prune(parent);
  return made;
}

/** Makes the folder, private, and sees that it can be written to and lies on a disk. */
export function prepareRecording(folder: string): NewRecording {
  try {
    makeFolder(folder, 0o700);
    if (process.platform !== 'win32') chmodSync(folder, 0o700);
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (readdirSync(folder).some((name) => name.endsWith('.part'))) {
      return { trouble: `the folder ${folder} already holds a recording` };
    }
    return { folder, warning: warningOf(folder) };
  } catch (error) {
    return { trouble: `the recording folder ${folder} cannot be written: ${describeIoError(error)}` };
  }
}

function warningOf(folder: string): string | null {
  try {
    const { type, bsize, bavail } = statfsSync(folder);
    if (type === TMPFS || type === RAMFS) {
      return `the recording folder ${folder} lies in memory and will be gone with it; choose another with SIMUL_RECORDINGS (${tmpdir()} often lies in memory too)`;
    }
    if (bsize * bavail < 1 << 20) return `the disk under ${folder} has less than 1 MiB left`;
    return null;
  } catch {
    // Not every platform tells; then there is nothing to say.
    return null;
  }
}

function prune(parent: string): void {
  const names = readdirSync(parent)
    .filter((name) => NAME.test(name))
    .sort();
  for (const name of names.slice(0, Math.max(0, names.length - RECORDINGS_KEPT))) {
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // In use or not ours to remove: it stays, and is tried again next time.
    }
  }
}
