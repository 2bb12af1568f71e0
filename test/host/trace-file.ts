/** Makes a saved trace from text (runtime/trace/format/text.ts), for tests that open one. */
import { deflateRawSync } from 'node:zlib';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { encodeBlockChunk, encodeEndChunk, encodeTraceHead } from '../../runtime/trace/format/trace-file.ts';

export function savedTraceFromText(text: string): Uint8Array {
  const records = fromText(text);
  const block = encodeBlock(records);
  const count = records.length / RECORD_BYTES;
  return Buffer.concat([
    encodeTraceHead(),
    encodeBlockChunk(0, count, block.length, deflateRawSync(block)),
    encodeEndChunk(count),
  ]);
}
