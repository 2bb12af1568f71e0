/**
 * A saved trace as a page can be shown it: block by block, as the page has room. The file stays deflated in
 * memory; one block of records is inflated at a time.
 */
import { inflateRawSync } from 'node:zlib';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { readTraceFile, recordsOf, type SavedBlock } from '../../runtime/trace/format/trace-file.ts';
import type { Played, Playing, Reader } from './played.ts';
import { PUMP_BLOCK_RECORDS } from './pump.ts';

export interface FileSource {
  readonly name: string;
  /** The file's bytes; or one sentence saying why there are none. */
  readonly content: Uint8Array | string;
  readonly folders: readonly string[];
}

export function fileRecording(source: FileSource): Played {
  return { name: source.name, mode: 'file', folders: source.folders, play: (reader) => play(source, reader) };
}

function play({ name, content }: FileSource, reader: Reader): Playing {
  const read = typeof content === 'string' ? content : readTraceFile(content);
  if (typeof read === 'string') {
    reader.trouble(typeof content === 'string' ? content : `${name} cannot be opened: ${read}.`);
    reader.end('');
    return { resume: () => undefined, stop: () => undefined };
  }
  if (read.trouble !== null) reader.trouble(`${name}: ${read.trouble}.`);
  let timer: NodeJS.Immediate | null = null;
  const pieces = piecesOf(read.blocks, (words) => reader.trouble(`${name}: ${words}.`));
  const step = (): void => {
    timer = null;
    const next = pieces.next();
    if (next.done === true) reader.end('');
    else if (reader.give(next.value.part, next.value.records)) timer = setImmediate(step);
  };
  timer = setImmediate(step);
  return {
    resume: () => (timer ??= setImmediate(step)),
    stop: () => {
      if (timer !== null) clearImmediate(timer);
      pieces.return();
    },
  };
}

function* piecesOf(
  blocks: readonly SavedBlock[],
  trouble: (words: string) => void,
): Generator<{ readonly part: number; readonly records: Uint8Array }, void, void> {
  for (const block of blocks) {
    const records = recordsOf(block, inflate(block));
    if (typeof records === 'string') {
      trouble(records);
      continue;
    }
    for (let from = 0; from < records.length; from += PUMP_BLOCK_RECORDS * RECORD_BYTES) {
      yield { part: block.part, records: records.subarray(from, from + PUMP_BLOCK_RECORDS * RECORD_BYTES) };
    }
  }
}

/** Never more than was claimed; nothing when the bytes are not deflated ones. */
function inflate(block: SavedBlock): Uint8Array {
  try {
    return inflateRawSync(block.deflated, { maxOutputLength: Math.max(1, block.plainBytes) });
  } catch {
    return new Uint8Array(0);
  }
}
