/**
 * A saved trace as a page can be shown it: block by block, as the page has room. The file stays deflated in
 * memory; one block is inflated at a time and goes to the page as it is: to decode and encode it again here would take five seconds
 * of ten million events. What does not look like a block of ours is read here all the same, for the words about it.
 */
import { inflateRawSync } from 'node:zlib';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { COMPACT_VERSION } from '../../runtime/trace/format/compact.ts';
import { BLOCK_MAX_BYTES } from '../../runtime/trace/messages/panel.ts';
import { readTraceFile, recordsOf, type SavedBlock } from '../../runtime/trace/format/trace-file.ts';
import type { TraceSource, Subscription, Reader } from './trace-source.ts';
import { PUMP_BLOCK_RECORDS } from './pump.ts';

export interface FileSource {
  readonly name: string;
  /** The file's bytes; or one sentence saying why there are none. */
  readonly content: Uint8Array | string;
  readonly folders: readonly string[];
}

export function fileRecording(source: FileSource): TraceSource {
  return {
    name: source.name,
    mode: 'file',
    folders: source.folders,
    subscribe: (reader) => play(source, reader),
  };
}

function play({ name, content }: FileSource, reader: Reader): Subscription {
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
    else if (next.value(reader)) timer = setImmediate(step);
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
): Generator<(reader: Reader) => boolean, void, void> {
  for (const block of blocks) {
    const { part } = block;
    const compact = inflate(block);
    if (
      compact.length === block.plainBytes &&
      compact.length <= BLOCK_MAX_BYTES &&
      compact[0] === COMPACT_VERSION
    ) {
      yield (reader) => reader.giveBlock(part, compact);
      continue;
    }
    const records = recordsOf(block, compact);
    if (typeof records === 'string') {
      trouble(records);
      continue;
    }
    for (let from = 0; from < records.length; from += PUMP_BLOCK_RECORDS * RECORD_BYTES) {
      const piece = records.subarray(from, from + PUMP_BLOCK_RECORDS * RECORD_BYTES);
      yield (reader) => reader.give(part, piece);
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
