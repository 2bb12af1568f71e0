/**
 * A saved trace as a source for a page. The file stays deflated in memory. One block at a time is
 * inflated and sent, when the page has room.
 */
import { crc32 } from '../../runtime/trace/format/crc32.ts';
import { pageBlocks } from '../../runtime/trace/format/page-blocks.ts';
import { readTraceFile, type SavedBlock } from '../../runtime/trace/format/trace-file.ts';
import { BLOCK_MAX_BYTES } from '../../runtime/trace/messages/panel.ts';
import type { Subscription, TraceReader, TraceSource } from './trace-source.ts';

/** So much of a file's end tells it from others of its name and length. */
const MAX_TOLD_APART_BYTES = 65_536;

export interface SavedTraceFile {
  readonly name: string;
  /** The file's bytes; or one sentence that says why there are none. */
  readonly content: Uint8Array | string;
  readonly folders: readonly string[];
  readonly path?: string;
  /** The platform's: a block's bytes, none when it does not inflate. */
  inflate(block: SavedBlock): Uint8Array | Promise<Uint8Array>;
}

export function fileSource(file: SavedTraceFile): TraceSource {
  return {
    name: file.name,
    mode: 'file',
    recording: recordingOf(file),
    folders: file.folders,
    ...(file.path === undefined ? {} : { path: file.path }),
    subscribe: (reader) => sendFile(file, reader),
  };
}

/** A file that was saved anew under its name is another one. */
function recordingOf({ name, content }: SavedTraceFile): string {
  if (typeof content === 'string') return name;
  return `${name} ${content.length} ${crc32(content.subarray(-MAX_TOLD_APART_BYTES))}`;
}

function sendFile({ name, content, inflate }: SavedTraceFile, reader: TraceReader): Subscription {
  const contents = typeof content === 'string' ? content : readTraceFile(content);
  if (typeof contents === 'string') {
    reader.onTrouble(typeof content === 'string' ? content : `${name} cannot be opened: ${contents}.`);
    reader.onEnd('');
    return { resume: () => undefined, stop: () => undefined };
  }
  if (contents.trouble !== null) reader.onTrouble(`${name}: ${contents.trouble}.`);
  let isStopped = false;
  let onRoom: (() => void) | null = null;
  const send = async (): Promise<void> => {
    for (const block of contents.blocks) {
      await nextTurn();
      if (isStopped) return;
      const pieces = pageBlocks(block, await inflate(block), BLOCK_MAX_BYTES);
      if (typeof pieces === 'string') reader.onTrouble(`${name}: ${pieces}.`);
      else
        for (const piece of pieces) {
          if (isStopped) return;
          if (!reader.onBlock(block.part, piece)) await new Promise<void>((resolve) => (onRoom = resolve));
        }
    }
    if (!isStopped) reader.onEnd('');
  };
  void send();
  return {
    resume: () => onRoom?.(),
    stop: () => {
      isStopped = true;
      onRoom?.();
    },
  };
}

/** What else the host has to do comes between two blocks. A browser has no `setImmediate`. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
