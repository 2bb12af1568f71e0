/**
 * The CPU time of opening a saved trace: read, inflate, decode, fold. Peer: the least that any
 * viewer has to do, inflating and parsing the same events as JSON lines of their times and tasks.
 *
 *   node build/bench/open.js [EVENTS]      default 1,000,000
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openTrace } from '../runtime/launch/open-trace.ts';
import { readSavedTrace } from '../runtime/launch/read-saved-trace.ts';
import { saveTrace } from '../runtime/launch/saved-trace.ts';
import { kindOf, RECORD_BYTES, RECORD_WORDS } from '../runtime/trace/format/layout.ts';
import { encodePartHead, partName } from '../runtime/trace/format/part.ts';
import { sampleRecords } from './sample-records.ts';

const events = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'simul-bench-'));
try {
  const head = { pid: 1, segment: 0, startNs: 5n, wallNs: 5n, language: 1 };
  const records = sampleRecords(events);
  writeFileSync(join(folder, partName(1, 5n, 0)), Buffer.concat([encodePartHead(head), records]));
  const file = join(folder, 'saved.simul');
  const json = join(folder, 'saved.json.gz');
  // A recording of a program that has not ended gets a record that says so.
  let savedEvents = 0;
  const saveMs = measureCpuMs(() => {
    const saved = saveTrace(folder, file);
    savedEvents = typeof saved === 'string' ? fail(saved) : saved.records;
  });
  const peerEvents = Math.min(events, 1_000_000);
  writeFileSync(json, gzipSync(jsonLines(records.subarray(0, peerEvents * RECORD_BYTES)), { level: 1 }));

  const recordingMs = measureCpuMs(() => openTrace(folder));
  const decodeMs = measureCpuMs(() => readSavedTrace(file, { onRecords: () => {}, onTrouble: fail }));
  const openMs = measureCpuMs(() => {
    const opened = openTrace(file);
    if (typeof opened === 'string' || opened.trace.events !== savedEvents) fail('not all events came back');
  });
  const peerMs = measureCpuMs(() => {
    let sum = 0;
    for (const line of gunzipSync(readFileSync(json)).toString('latin1').split('\n')) {
      if (line !== '') sum += (JSON.parse(line) as { readonly t: number }).t;
    }
    if (sum === 0) fail('no JSON');
  });
  console.log(
    `${events} events: saved in ${saveMs} ms CPU as ${(statSync(file).size / events).toFixed(2)} B an event; ` +
      `opened in ${openMs} ms, of which read, inflate and decode ${decodeMs} ms; the recording itself in ${recordingMs} ms; ` +
      `peer, ${peerEvents} events as JSON lines: ${(statSync(json).size / peerEvents).toFixed(2)} B an event, parsed in ${peerMs} ms`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function jsonLines(records: Uint8Array): Buffer {
  const words = new Uint32Array(
    records.buffer,
    records.byteOffset,
    (records.length / RECORD_BYTES) * RECORD_WORDS,
  );
  const pieces: Buffer[] = [];
  let lines: string[] = [];
  for (let w = 0; w < words.length; w += RECORD_WORDS) {
    const t = words[w + 1]! * 2 ** 32 + words[w]!;
    lines.push(
      `{"ph":${kindOf(words[w + 7]!)},"t":${t},"id":${words[w + 2]},"a":${words[w + 3]},"b":${words[w + 4]}}\n`,
    );
    if (lines.length === 65_536) pieces.push(Buffer.from(lines.splice(0).join(''), 'latin1'));
  }
  pieces.push(Buffer.from(lines.join(''), 'latin1'));
  lines = [];
  return Buffer.concat(pieces);
}

/**
 * CPU time in ms: a busy machine stretches it less than wall time. All that is measured here runs
 * on one thread.
 */
function measureCpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / 1000);
}

function fail(words: string): never {
  throw new Error(words);
}
