/**
 * Inflates the blocks of a saved trace. A file is hostile input: a block gets no more than it
 * claims.
 */
import { inflateRawSync } from 'node:zlib';
import type { SavedBlock } from '../trace/format/trace-file.ts';

/** At most `plainBytes` bytes; none when the block does not inflate or would need more. */
export function inflateBlock({ deflated, plainBytes }: SavedBlock): Uint8Array {
  try {
    return inflateRawSync(deflated, { maxOutputLength: Math.max(1, plainBytes) });
  } catch {
    return new Uint8Array(0);
  }
}
