/**
 * Reads what a recording's folder holds at this moment, part after part, with the reader that also
 * follows a live recording. It waits for nothing: what is not whole yet is reported and left out.
 */
import { RECORD_BYTES } from '../trace/format/layout.ts';
import type { PartHead } from '../trace/format/part.ts';
import { SAVED_BLOCK_RECORDS } from '../trace/format/trace-file.ts';
import { RecordingParts } from './follow.ts';
import type { RecordSink } from './part-tail.ts';

export interface RecordingSink extends RecordSink {
  /** A part begins; before its first records. */
  onPart?(part: number, head: PartHead): void;
}

/** @returns the heads of the parts by part number; null: damaged, and reported as trouble */
export function readRecording(folder: string, sink: RecordingSink): readonly (PartHead | null)[] {
  const parts = new RecordingParts(folder, (words) => sink.onTrouble(words));
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
  }
  return parts.tails.map((tail) => tail.head);
}
