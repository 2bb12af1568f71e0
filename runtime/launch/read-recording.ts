/**
 * Reads what a recording's folder holds at this moment, part after part, with the reader that also
 * follows a live recording. It waits for nothing: what is not whole yet is reported and left out.
 */
import { RECORD_BYTES } from '../trace/format/layout.ts';
import type { PartHead } from '../trace/format/part.ts';
import { SAVED_BLOCK_RECORDS } from '../trace/format/trace-file.ts';
import { holdFiles, type HeldFiles } from './held-files.ts';
import { RecordingParts } from './follow.ts';
import type { RecordSink } from './part-tail.ts';

export interface RecordingSink extends RecordSink {
  /** A part begins; before its first records. */
  onPart?(part: number, head: PartHead): void;
}

/**
 * @param heldBefore reads these files: two passes then read the same
 * @returns the heads of the parts by part number; null: damaged, and reported as trouble
 */
export function readRecording(
  folder: string,
  sink: RecordingSink,
  heldBefore: HeldFiles | null = null,
): readonly (PartHead | null)[] {
  const held = heldBefore ?? holdFiles(folder);
  const parts = new RecordingParts(folder, { onTrouble: (words) => sink.onTrouble(words) }, held);
  const partSink = {
    buffer: new Uint8Array(SAVED_BLOCK_RECORDS * RECORD_BYTES),
    onRecords: (part: number, records: Uint8Array): void => sink.onRecords(part, records),
    onTrouble: (words: string): void => sink.onTrouble(words),
    nowMs: (): number => performance.now(),
  };
  try {
    parts.refresh(true);
    for (const tail of parts.tails) {
      if (sink.onPart && tail.readHead(partSink) && tail.head) sink.onPart(tail.part, tail.head);
      while (tail.readBlock(partSink, true));
      tail.close();
    }
  } finally {
    parts.close();
    if (heldBefore === null) held?.release();
  }
  return parts.tails.map((tail) => tail.head);
}
