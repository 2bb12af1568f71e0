/**
 * Bytes per event of the compact codec, raw and deflated, and its speed in both directions. Peer:
 * the same records deflated as they are. Part files on the command line are measured instead of the
 * sample.
 *
 *   node build/bench/compact.js [PART…]
 */
import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decodeBlock, encodeBlock } from '../runtime/trace/format/compact.ts';
import { RECORD_BYTES } from '../runtime/trace/format/layout.ts';
import { PART_HEAD_BYTES } from '../runtime/trace/format/part.ts';
import { sampleRecords } from './sample-records.ts';

const BLOCK = 65_536 * RECORD_BYTES;

function measure(name: string, records: Uint8Array): void {
  const events = records.length / RECORD_BYTES;
  const into = new Uint8Array(BLOCK);
  let [compact, deflated, plain] = [0, 0, 0];
  let [encodeMs, deflateMs, inflateMs, decodeMs] = [0, 0, 0, 0];
  const timed = <T>(run: () => T, addMs: (ms: number) => void): T => {
    const startMs = performance.now();
    const result = run();
    addMs(performance.now() - startMs);
    return result;
  };
  for (let at = 0; at < records.length; at += BLOCK) {
    const slice = records.subarray(at, at + BLOCK);
    const block = timed(
      () => encodeBlock(slice),
      (ms) => (encodeMs += ms),
    );
    const packed = timed(
      () => deflateRawSync(block, { level: 6 }),
      (ms) => (deflateMs += ms),
    );
    const unpacked = timed(
      () => inflateRawSync(packed),
      (ms) => (inflateMs += ms),
    );
    const decoded = timed(
      () => decodeBlock(unpacked, into),
      (ms) => (decodeMs += ms),
    );
    if (typeof decoded === 'string' || !Buffer.from(decoded.buffer, 0, decoded.length).equals(slice)) {
      throw new Error(`not the same records: ${typeof decoded === 'string' ? decoded : at}`);
    }
    compact += block.length;
    deflated += packed.length;
    plain += deflateRawSync(slice, { level: 6 }).length;
  }
  const rate = (ms: number): string => `${(events / ms / 1000).toFixed(1)} M/s`;
  const perEvent = (bytes: number): string => (bytes / events).toFixed(2);
  console.log(
    `${name}: ${events} events; bytes an event: ${perEvent(plain)} deflated as they are, ` +
      `${perEvent(compact)} compact, ${perEvent(deflated)} compact and deflated; ` +
      `encode ${rate(encodeMs)}, deflate ${rate(deflateMs)}, inflate ${rate(inflateMs)}, decode ${rate(decodeMs)}`,
  );
}

const files = process.argv.slice(2);
for (const file of files) {
  const bytes = readFileSync(file).subarray(PART_HEAD_BYTES);
  measure(file, bytes.subarray(0, bytes.length - (bytes.length % RECORD_BYTES)));
}
if (files.length === 0) measure('sample of 200 tasks', sampleRecords(1_000_000));
