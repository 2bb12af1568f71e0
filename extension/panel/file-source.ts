/**
 * A saved trace as a source for a page. The file stays deflated in memory. One block at a time is
 * inflated and sent, when the page has room.
 */
import { inflateBlock } from '../../runtime/launch/inflate-block.ts';
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

function sendFile({ name, content }: SavedTraceFile, reader: TraceReader): Subscription {
  const contents = typeof content === 'string' ? content : readTraceFile(content);
  if (typeof contents === 'string') {
    reader.onTrouble(typeof content === 'string' ? content : `${name} cannot be opened: ${contents}.`);
    reader.onEnd('');
    return { resume: () => undefined, stop: () => undefined };
  }
  if (contents.trouble !== null) reader.onTrouble(`${name}: ${contents.trouble}.`);
  let timer: NodeJS.Immediate | null = null;
  const steps = sendSteps(contents.blocks, (words) => reader.onTrouble(`${name}: ${words}.`));
  const runStep = (): void => {
    timer = null;
    const next = steps.next();
    if (next.done === true) reader.onEnd('');
    else if (next.value(reader)) timer = setImmediate(runStep);
  };
  timer = setImmediate(runStep);
  return {
    resume: () => (timer ??= setImmediate(runStep)),
    stop: () => {
      if (timer !== null) clearImmediate(timer);
      steps.return();
    },
  };
}

/** Sends a piece of the file. @returns whether the reader has room for more */
type SendStep = (reader: TraceReader) => boolean;

function* sendSteps(
  blocks: readonly SavedBlock[],
  onTrouble: (words: string) => void,
): Generator<SendStep, void, void> {
  for (const block of blocks) {
    const pieces = pageBlocks(block, inflateBlock(block), BLOCK_MAX_BYTES);
    if (typeof pieces === 'string') onTrouble(pieces);
    else for (const piece of pieces) yield (reader) => reader.onBlock(block.part, piece);
  }
}
