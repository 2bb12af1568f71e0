/**
 * Saves a recording as a `*.simul` file, with Node's zlib. A save streams: one
 * block of records is in memory at a time. The file gets its name only when it is whole, so that a
 * full disk leaves no incomplete trace under the name that was asked for.
 */
import { accessSync, closeSync, constants, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { encodeBlock } from '../trace/format/compact.ts';
import { recordOf } from '../recorder/part-file.ts';
import { AGENT_NOTICE, KIND } from '../trace/format/kinds.ts';
import type { PartHead } from '../trace/format/part.ts';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import {
  encodeBlockChunk,
  encodeEndChunk,
  encodeIdentityChunk,
  encodePartChunk,
  encodeTraceHead,
  SAVED_BLOCK_RECORDS,
} from '../trace/format/trace-file.ts';
import { describeIoError } from './describe-io-error.ts';
import { LastSeconds, lastTimeOf } from './last-seconds.ts';
import { isProcessAlive } from './is-process-alive.ts';
import type { RecordingSink } from './read-recording.ts';
import { openSavedTrace } from './read-saved-trace.ts';
import { type Passes, RecordPasses, SavedPasses } from './record-passes.ts';
import { encodeIdentity, type Identity, parseIdentity, readIdentity } from './identity.ts';
import { Redactor } from './redact.ts';

export interface SavedTrace {
  readonly records: number;
  readonly bytes: number;
  /** What of the recording could not be read, one sentence each. */
  readonly troubles: readonly string[];
}

export interface SaveOptions {
  /**
   * Absolute path: literals, messages, arguments and paths above this folder are left out
   * (`redact.ts`).
   */
  readonly redactFrom?: string;
  /** With `redactFrom`: names become numbers, too. */
  readonly masksNames?: boolean;
  /** Of the beginning only what still went on that long before the end. */
  readonly lastSeconds?: number;
}

/**
 * Writes what the recording, or the saved trace, holds at this moment to `file`; or one sentence
 * saying why not.
 */
export function saveTrace(recording: string, file: string, options: SaveOptions = {}): SavedTrace | string {
  const obstacle = findSaveObstacle(file);
  if (obstacle !== null) return obstacle;
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    const saved = writeTrace(recording, unfinished, options);
    if (typeof saved === 'string') return `the trace cannot be saved as ${file}: ${saved}`;
    if (saved === null) return `${recording} holds no recording: there is no *.part file in it`;
    renameSync(unfinished, file);
    return saved;
  } catch (error) {
    return `the trace cannot be saved as ${file}: ${describeIoError(error)}`;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/**
 * null: there is no part; a sentence: none can be read.
 * @throws the system's error when the file cannot be written
 */
function writeTrace(recording: string, file: string, options: SaveOptions): SavedTrace | string | null {
  const troubles: string[] = [];
  let records = 0;
  let bytes = 0;
  let writeError: unknown = null;
  const fd = openSync(file, 'w', 0o600);
  const write = (chunk: Uint8Array): void => {
    try {
      for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
    } catch (error) {
      writeError ??= error;
      throw error;
    }
    bytes += chunk.length;
  };
  const writeBlock = (part: number, block: Uint8Array): void => {
    const compact = encodeBlock(block);
    const count = block.length / RECORD_BYTES;
    write(encodeBlockChunk(part, count, compact.length, deflateRawSync(compact)));
    records += count;
  };
  /** Parts whose process has recorded its end. */
  const ended = new Set<number>();
  const isSaved = statSync(recording).isFile();
  const passes = isSaved ? new SavedPasses(recording) : new RecordPasses(recording);
  try {
    write(encodeTraceHead());
    const identity = isSaved ? savedIdentity(recording) : readIdentity(recording);
    // A machine's name may be its owner's.
    const isRedacted = options.redactFrom !== undefined;
    if (identity !== null)
      write(encodeIdentityChunk(encodeIdentity(isRedacted ? { ...identity, host: '' } : identity)));
    const heads = readWanted(passes, options, {
      onPart: (part, head) => write(encodePartChunk(part, head)),
      onRecords: (part, wanted) => {
        if (wanted.at(-1) === KIND.processEnd) ended.add(part);
        const most = SAVED_BLOCK_RECORDS * RECORD_BYTES;
        for (let at = 0; at < wanted.length; at += most) writeBlock(part, wanted.subarray(at, at + most));
      },
      onTrouble: (words) => troubles.push(words),
    });
    // The reader reports whatever fails in its callbacks as damage of the part: a failed write is
    // none.
    if (writeError !== null) throw writeError;
    if (heads.length === 0) return isSaved ? troubles.join('; ') : null;
    if (heads.every((head) => head === null)) return troubles.join('; ');
    for (const [part, head] of heads.entries())
      if (head !== null && !isSaved && !ended.has(part) && isProcessAlive(head.pid))
        writeBlock(part, stillRuns());
    write(encodeEndChunk(records));
    return { records, bytes, troubles };
  } finally {
    passes.close();
    closeSync(fd);
  }
}

/** Of a trace that is saved already. */
function savedIdentity(file: string): Identity | null {
  const contents = openSavedTrace(file);
  return typeof contents === 'string' || contents.identity === null ? null : parseIdentity(contents.identity);
}

/** What says of a process that it runs now, for readers that cannot ask. */
function stillRuns(): Uint8Array {
  const record = recordOf(process.hrtime.bigint(), KIND.agent, AGENT_NOTICE.running);
  return new Uint8Array(record.buffer);
}

/** Passes on the records that are asked for, part after part, as they are saved. */
function readWanted(
  passes: Passes,
  { redactFrom, masksNames = false, lastSeconds }: SaveOptions,
  sink: RecordingSink,
): readonly (PartHead | null)[] {
  let lastNs = 0;
  if (lastSeconds !== undefined) {
    const noteTime = (_part: number, block: Uint8Array): void => {
      lastNs = Math.max(lastNs, lastTimeOf(block));
    };
    passes.read({ onRecords: noteTime, onTrouble: () => {} });
  }
  const read = (to: RecordingSink): readonly (PartHead | null)[] =>
    lastSeconds === undefined ? passes.read(to) : readLast(passes, lastNs - lastSeconds * 1e9, to);
  if (redactFrom === undefined) return read(sink);
  // All records are looked at once, for what their texts are for.
  const redactor = new Redactor(redactFrom, masksNames);
  read({ onRecords: (part, block) => redactor.note(part, block), onTrouble: () => {} });
  return read({ ...sink, onRecords: (part, block) => sink.onRecords(part, redactor.redact(part, block)) });
}

/** Passes on what there is from this time on, in monotonic ns. */
function readLast(passes: Passes, sinceNs: number, sink: RecordingSink): readonly (PartHead | null)[] {
  const last = new LastSeconds(sinceNs);
  const pass = (part: number, records: Uint8Array): void => {
    if (records.length > 0) sink.onRecords(part, records);
  };
  let current = -1;
  const heads = passes.read({
    ...sink,
    onPart: (part, head) => {
      pass(current, last.end(current));
      current = part;
      sink.onPart?.(part, head);
    },
    onRecords: (part, block) => pass(part, last.take(part, block)),
  });
  pass(current, last.end(current));
  return heads;
}

/**
 * Why no trace can be saved under this name, as far as that shows in advance; null: nothing does.
 */
export function findSaveObstacle(file: string): string | null {
  const sentence = (reason: string): string => `the trace cannot be saved as ${file}: ${reason}`;
  const folder = dirname(resolve(file));
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return sentence('it is a folder');
    if (!statSync(folder).isDirectory()) return sentence(`${folder} is not a folder`);
    accessSync(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return sentence(
      isMissing ? `the folder ${folder} does not exist` : `the folder ${folder}: ${describeIoError(error)}`,
    );
  }
}
