/**
 * About how many bytes a call's items are when they are sent, for deciding how many calls go at
 * once. It counts what can be large, and looks one list deep.
 */
import type { Items } from './messages.ts';

/** Of a number, and of anything that is not looked at. */
const PART_BYTES = 8;

export function byteSize(items: Items): number {
  if (ArrayBuffer.isView(items)) return partSize(items);
  if (!Array.isArray(items)) return PART_BYTES * items.length;
  let bytes = 0;
  for (const item of items as readonly unknown[]) {
    if (typeof item === 'number') bytes += PART_BYTES;
    else if (Array.isArray(item)) for (const part of item as unknown[]) bytes += partSize(part);
    else bytes += partSize(item);
  }
  return bytes;
}

function partSize(part: unknown): number {
  if (typeof part === 'string') return part.length;
  if (typeof part !== 'object' || part === null) return PART_BYTES;
  if (Array.isArray(part)) return PART_BYTES * part.length;
  const buffer = ArrayBuffer.isView(part) ? part.buffer : part;
  // Shared memory is not copied. A view is sent with all of its buffer.
  return buffer instanceof ArrayBuffer ? buffer.byteLength : PART_BYTES;
}
