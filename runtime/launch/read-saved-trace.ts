/** Reads a `*.simul` file, with Node's zlib, as readers of a recording do. */
import { readFileSync, statSync } from 'node:fs';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import {
  MAX_TRACE_BYTES,
  readTraceFile,
  recordsOf,
  SAVED_BLOCK_RECORDS,
  tooLarge,
  type TraceFileContents,
} from '../trace/format/trace-file.ts';
import { describeIoError } from './describe-io-error.ts';
import { inflateBlock } from './inflate-block.ts';
import type { RecordingSink } from './read-recording.ts';

/** What stands in the file, not yet inflated; or one sentence saying why none of it can be read. */
export function openSavedTrace(path: string): TraceFileContents | string {
  let file: Uint8Array;
  try {
    const { size } = statSync(path);
    if (size > MAX_TRACE_BYTES) return `${path} cannot be opened: ${tooLarge(size)}`;
    file = readFileSync(path);
  } catch (error) {
    return `${path} cannot be opened: ${describeIoError(error)}`;
  }
  const contents = readTraceFile(file);
  return typeof contents === 'string' ? `${path} cannot be opened: ${contents}` : contents;
}

/** Passes on the file's records, block by block. @returns one sentence when none can be read */
export function readSavedTrace(path: string, sink: RecordingSink): string | null {
  const contents = openSavedTrace(path);
  if (typeof contents === 'string') return contents;
  for (const { part, head } of contents.parts) sink.onPart?.(part, head);
  const buffer = new Uint8Array(SAVED_BLOCK_RECORDS * RECORD_BYTES);
  for (const block of contents.blocks) {
    const records = recordsOf(block, inflateBlock(block), buffer);
    if (typeof records === 'string') sink.onTrouble(`${path}: ${records}`);
    else sink.onRecords(block.part, records);
  }
  if (contents.trouble !== null) sink.onTrouble(`${path}: ${contents.trouble}`);
  return null;
}
