/** Inflates a saved block with the inflater that browsers have. */
import type { SavedBlock } from '../../runtime/trace/format/trace-file.ts';

/** At most `plainBytes` bytes; none when the block does not inflate or would need more. */
export async function inflateInBrowser({ deflated, plainBytes }: SavedBlock): Promise<Uint8Array> {
  const bytes = new Uint8Array(plainBytes);
  const stream = new Blob([new Uint8Array(deflated)]).stream();
  const reader = stream.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  try {
    for (let at = 0; ;) {
      const { done, value } = await reader.read();
      if (done) return bytes.subarray(0, at);
      if (at + value.length > plainBytes) {
        await reader.cancel();
        return new Uint8Array(0);
      }
      bytes.set(value, at);
      at += value.length;
    }
  } catch {
    return new Uint8Array(0);
  }
}
