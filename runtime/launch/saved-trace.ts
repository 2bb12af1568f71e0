/**
 * Saving a recording as a `*.simul` file and reading one back, with Node's zlib. A save
 * streams: one block of records is in memory at a time, and the file gets its name only when it is whole,
 * so that a full disk leaves no half a trace under a good name.
 */
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { encodeBlock } from '../trace/format/compact.ts';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import {
  encodeBlockChunk,
  encodeEndChunk,
  encodePartChunk,
  encodeTraceHead,
  readTraceFile,
  recordsOf,
  SAVED_BLOCK_RECORDS,
} from '../trace/format/trace-file.ts';
import { PartsOfFolder } from './follow.ts';
import { describeIoError } from './describe-io-error.ts';
import { inflateBlock } from './inflate-block.ts';

export interface SavedTrace {
  readonly records: number;
  readonly bytes: number;
  /** What of the recording could not be read, one sentence each. */
  readonly troubles: readonly string[];
}

/** Writes what the recording holds at this moment to `file`; or one sentence saying why not. */
export function saveTrace(recording: string, file: string): SavedTrace | string {
  const refused = cannotSaveAs(file);
  if (refused !== null) return refused;
  const troubles: string[] = [];
  const unfinished = `${file}.${process.pid}.tmp`;
  let fd = -1;
  let records = 0;
  let bytes = 0;
  const write = (chunk: Uint8Array): void => {
    for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
    bytes += chunk.length;
  };
  try {
    fd = openSync(unfinished, 'w', 0o600);
    write(encodeTraceHead());
    const parts = new PartsOfFolder(recording, (words) => troubles.push(words));
    const reading = {
      buffer: new Uint8Array(SAVED_BLOCK_RECORDS * RECORD_BYTES),
      give: (part: number, given: Uint8Array): void => {
        const block = encodeBlock(given);
        const count = given.length / RECORD_BYTES;
        write(encodeBlockChunk(part, count, block.length, deflateRawSync(block)));
        records += count;
      },
      trouble: (words: string): void => void troubles.push(words),
      nowMs: () => performance.now(),
    };
    parts.list(true);
    for (const tail of parts.tails) {
      if (tail.readHead(reading) && tail.head) write(encodePartChunk(tail.part, tail.head));
      while (tail.read(reading, true));
      tail.close();
    }
    if (parts.tails.length === 0) {
      closeSync(fd);
      rmSync(unfinished, { force: true });
      return `${recording} holds no recording: there is no *.part file in it`;
    }
    write(encodeEndChunk(records));
    closeSync(fd);
    renameSync(unfinished, file);
    return { records, bytes, troubles };
  } catch (error) {
    if (fd >= 0) {
      try {
        closeSync(fd);
      } catch {
        // It was closed already; what is wrong was said.
      }
      rmSync(unfinished, { force: true });
    }
    return `the trace cannot be saved as ${file}: ${describeIoError(error)}`;
  }
}

/** Why no trace can be saved under this name, as far as that can be told before there is one; null: it seems that it can. */
export function cannotSaveAs(file: string): string | null {
  const because = (why: string): string => `the trace cannot be saved as ${file}: ${why}`;
  const folder = dirname(resolve(file));
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return because('it is a folder');
    if (!statSync(folder).isDirectory()) return because(`${folder} is not a folder`);
    accessSync(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return because(
      isMissing ? `the folder ${folder} does not exist` : `the folder ${folder}: ${describeIoError(error)}`,
    );
  }
}

/** Gives the file's records block by block, lent. @returns one sentence when nothing of it can be read */
export function readSavedTrace(
  path: string,
  give: (part: number, records: Uint8Array) => void,
  trouble: (words: string) => void,
): string | null {
  let file: Uint8Array;
  try {
    file = readFileSync(path);
  } catch (error) {
    return `${path} cannot be opened: ${describeIoError(error)}`;
  }
  const contents = readTraceFile(file);
  if (typeof contents === 'string') return `${path} cannot be opened: ${contents}`;
  const into = new Uint8Array(SAVED_BLOCK_RECORDS * RECORD_BYTES);
  for (const block of contents.blocks) {
    const records = recordsOf(block, inflateBlock(block), into);
    if (typeof records === 'string') trouble(`${path}: ${records}`);
    else give(block.part, records);
  }
  if (contents.trouble !== null) trouble(`${path}: ${contents.trouble}`);
  return null;
}
