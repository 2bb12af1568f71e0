/** The recordings in a folder of recordings, as a person chooses from: the newest first. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { printable } from '../trace/format/printable.ts';
import { Fold } from '../trace/fold/fold.ts';
import { Trace } from '../trace/model/trace.ts';
import { RecordingParts } from './follow.ts';
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
