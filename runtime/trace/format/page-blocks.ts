/**
 * A saved block as compact blocks that a page takes. Most are sent as they are: decoding and
 * encoding them again would take five seconds for ten million events. Only a block that is too
 * large, or does not look like a compact one, is decoded, for the sentence that says what is wrong.
 */
import { COMPACT_VERSION, encodeBlock } from './compact.ts';
import { RECORD_BYTES } from './layout.ts';
import { recordsOf, type SavedBlock } from './trace-file.ts';

/** Half a MiB of raw records: a block of them stays below 1 MiB even if nothing compresses. */
export const PAGE_BLOCK_RECORDS = 16_384;

/**
 * @param compact the block's bytes, inflated
 * @param maxBytes of each compact block that is given
 * @returns compact blocks, or one sentence
 */
export function pageBlocks(
  block: SavedBlock,
  compact: Uint8Array,
  maxBytes: number,
): readonly Uint8Array[] | string {
  const { length } = compact;
  if (length === block.plainBytes && length <= maxBytes && compact[0] === COMPACT_VERSION) return [compact];
  const records = recordsOf(block, compact);
  if (typeof records === 'string') return records;
  const blocks: Uint8Array[] = [];
  for (let from = 0; from < records.length; from += PAGE_BLOCK_RECORDS * RECORD_BYTES)
    blocks.push(encodeBlock(records.subarray(from, from + PAGE_BLOCK_RECORDS * RECORD_BYTES)));
  return blocks;
}
