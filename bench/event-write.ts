/**
 * One event with its time: the ring's writer beside a bare `hrtime` with a store into shared
 * memory, and beside the recorder that records nothing. Medians of rounds; the ring is emptied
 * outside the measured time.
 *
 *   node build/bench/event-write.js
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noRecorder, type Recorder } from '../runtime/recorder/recorder.ts';
import { startRecording } from '../runtime/recorder/recording.ts';

const EVENTS = 50_000;
const ROUNDS = 31;

const folder = mkdtempSync(join(tmpdir(), 'simul-bench-'));
const recording = startRecording({ folder })!;
const bare = new BigInt64Array(new SharedArrayBuffer(8 * 1024));

function clockAndStore(): void {
  for (let i = 0; i < EVENTS; i++) bare[i & 1023] = process.hrtime.bigint();
}
// One function for each recorder, so that neither makes the other's calls polymorphic.
const writeWith = (recorder: Recorder): (() => void) =>
  // oxlint-disable-next-line typescript/no-implied-eval -- each needs type feedback of its own
  new Function(
    'recorder',
    `return () => { for (let i = 0; i < ${EVENTS}; i++) recorder.write(11, 3, i, i, 2, 3, 4) }`,
  )(recorder) as () => void;

const rows: readonly (readonly [string, () => void])[] = [
  ['hrtime and a store (peer)', clockAndStore],
  ['a record', writeWith(recording.writer!)],
  ['a record when not recording', writeWith(noRecorder)],
];
const figures = new Map(rows.map(([name]) => [name, [] as number[]]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, work] of rows) {
    const start = process.hrtime.bigint();
    work();
    figures.get(name)!.push(Number(process.hrtime.bigint() - start) / EVENTS);
    recording.flush();
  }
}
recording.finish(null);
rmSync(folder, { recursive: true });
for (const [name, ns] of figures) {
  ns.sort((a, b) => a - b);
  console.log(`${name.padEnd(30)} ${ns[ns.length >> 1]!.toFixed(1)} ns  (least ${ns[0]!.toFixed(1)})`);
}
