/** Inflates a block of a saved trace, whose bytes are not to be trusted. */
import { inflateRawSync } from 'node:zlib';

/** Never more bytes than the file claims; none at all when they are not deflated ones. */
export function inflate(deflated: Uint8Array, plainBytes: number): Uint8Array {
  try {
    return inflateRawSync(deflated, { maxOutputLength: Math.max(1, plainBytes) });
  } catch {
    return new Uint8Array(0);
  }
}
