/** The recordings in a folder of recordings, as a person chooses from: the newest first. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parsePartName } from '../trace/format/part.ts';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { printable } from '../trace/format/printable.ts';
import { Fold } from '../trace/fold/fold.ts';
import { Trace } from '../trace/model/trace.ts';
import { RecordingParts } from './follow.ts';
import { isProcessAlive } from './is-process-alive.ts';
import { holdsRecording } from './recordings.ts';
import { shortenCommand } from './summary/describe-process.ts';

export interface ListedRecording {
  readonly folder: string;
  /** What was run: "node shop.ts", "node vitest run". */
  readonly name: string;
  /** When it was begun or last written to, ms since 1970. */
  readonly atMs: number;
}

/** What a program is begins its first part. */
const FIRST_RECORDS = 512;
const MAX_PARTS = 64;
const MAX_NAME = 60;
/** Linux tells when a process began in hundredths of a second. */
const TICK_NS = 10_000_000n;

/** @param parents folders of recordings; what is no folder there, or holds none, is left out */
export function listRecordings(parents: readonly string[], most: number): ListedRecording[] {
  return parents
    .flatMap((parent) => foldersIn(parent))
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, most)
    .map(({ folder, atMs }) => ({ folder, atMs, name: nameRecording(folder) ?? basename(folder) }));
}

/** Whether the folder holds a part of a recording; false, too, where it cannot be listed. */
export function isRecording(folder: string): boolean {
  try {
    return holdsRecording(folder);
  } catch {
    return false;
  }
}

/** Whether a process that records into this folder still runs. */
export function isBeingWritten(folder: string): boolean {
  try {
    const series = readdirSync(folder).flatMap((name) => parsePartName(name)?.series ?? []);
    return [...new Set(series)].some((name) => {
      const [pid, startNs] = name.split('-');
      return isSameProcess(Number(pid), BigInt(`0x${startNs}`));
    });
  } catch {
    return false;
  }
}

/** Where the system tells when a process began, a number that was given anew is known as such. */
function isSameProcess(pid: number, recordedSinceNs: bigint): boolean {
  if (!isProcessAlive(pid)) return false;
  try {
    // Behind the name, which may hold anything, the fields begin with the third.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return BigInt(fields[19]!) * TICK_NS <= recordedSinceNs + TICK_NS;
  } catch {
    return true;
  }
}

function foldersIn(parent: string): { readonly folder: string; readonly atMs: number }[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(parent, name))
      .filter(isRecording)
      .map((folder) => ({ folder, atMs: statSync(folder).mtimeMs }));
  } catch {
    return [];
  }
}

/** The command that was traced; null: the beginning cannot be read. */
export function nameRecording(folder: string): string | null {
  const trace = new Trace();
  const fold = new Fold([], trace);
  const parts = new RecordingParts(folder, { onTrouble: () => {} });
  const sink = {
    buffer: new Uint8Array(FIRST_RECORDS * RECORD_BYTES),
    onRecords: (part: number, records: Uint8Array): void => fold.feed(part, records),
    onTrouble: (): void => {},
    nowMs: (): number => performance.now(),
  };
  try {
    parts.refresh(true);
    for (const tail of parts.tails.slice(0, MAX_PARTS)) tail.readBlock(sink, true);
  } catch {
    return null;
  } finally {
    parts.close();
  }
  const begun = trace.processes.filter(({ hasBegun, argv }) => hasBegun && argv !== '');
  const pids = new Set(begun.map(({ pid }) => pid));
  const first = begun.find(({ parentPid }) => !pids.has(parentPid));
  if (first === undefined) return null;
  const name = printable(shortenCommand(first.argv));
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`;
}
