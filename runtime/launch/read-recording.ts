/** Reads what a recording's folder holds at this moment, part after part; the same reader as the live one. */
import { RECORD_BYTES } from '../trace/format/layout.ts';
import type { PartHead } from '../trace/format/part.ts';
import { PartsOfFolder } from './follow.ts';

const BLOCK_RECORDS = 65_536;

/** @returns the heads of the parts by part number; null: damaged, and told as trouble. */
export function readRecording(
  folder: string,
  give: (part: number, records: Uint8Array) => void,
  trouble: (words: string) => void,
): readonly (PartHead | null)[] {
  const parts = new PartsOfFolder(folder, trouble);
  const reading = {
    buffer: new Uint8Array(BLOCK_RECORDS * RECORD_BYTES),
    give,
    trouble,
    nowMs: () => performance.now(),
  };
  parts.list(true);
  for (const tail of parts.tails) {
    while (tail.read(reading, true));
    tail.close();
  }
  return parts.tails.map((tail) => tail.head);
}
