/** Finds the recording of a running process: it names no port and registers nowhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePartName } from '../trace/format/part.ts';
import { isProcessAlive } from './is-process-alive.ts';
import { recordingsFolder } from './recordings.ts';

/**
 * The folder that this process, or the `simul trace` of this number, records into; or one sentence
 * saying why there is none.
 * @param command how the person runs simul, for the sentence
 */
export function findRecording(pid: number, command: string): { readonly folder: string } | string {
  if (!isProcessAlive(pid)) return `there is no process ${pid}`;
  const folder = [...recordingOfEnvironment(pid), ...listRecordings()].find((path) => holds(path, pid));
  if (folder !== undefined) return { folder };
  return `process ${pid} does not run under trace; end it and run it again with: ${command} trace -- COMMAND`;
}

/** Where a recording lies outside the usual folder, the process's environment names it. */
function recordingOfEnvironment(pid: number): string[] {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return variables.filter((line) => line.startsWith('SIMUL_RECORDING=')).map((line) => line.slice(16));
  } catch {
    // Another system, or another user's process.
    return [];
  }
}

/** The newest first. */
function listRecordings(): string[] {
  const parent = recordingsFolder();
  try {
    const names = readdirSync(parent).sort().reverse();
    return names.map((name) => join(parent, name));
  } catch {
    // Nothing was ever recorded.
    return [];
  }
}

/** The folder's name ends with the number of `simul trace`, a part's begins with its process's. */
function holds(folder: string, pid: number): boolean {
  try {
    const names = readdirSync(folder).filter((name) => parsePartName(name) !== null);
    return (
      names.length > 0 && (folder.endsWith(`-${pid}`) || names.some((name) => name.startsWith(`${pid}-`)))
    );
  } catch {
    return false;
  }
}
