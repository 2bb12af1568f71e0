/**
 * Writes records by the recorder alone and acknowledges each step, two records, on its output.
 * `ring`: another thread holds the lock, and the rings fill up. `threads`: more threads than rings.
 */
import { writeSync } from 'node:fs';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { KIND } from '../../../build/runtime/trace/format/kinds.js';
import { PartFile } from '../../../build/runtime/recorder/part-file.js';
import { joinRecording } from '../../../build/runtime/recorder/recording.js';
import { CONTROL, createSharedMemory, openSharedMemory } from '../../../build/runtime/recorder/shared-memory.js';

const STEPS = 2000;
const WORKERS = 3;

function writeSteps({ writer }) {
  for (let n = 0; n < STEPS; n++) {
    const id = writer.nextId();
    writer.write(KIND.activationBegin, 1, id, 0, 0, 0, 0);
    writer.write(KIND.activationEnd, 1, id, 0, 0, 0, 0);
    writeSync(1, '2\n');
  }
}

if (!isMainThread) {
  const recording = joinRecording(workerData.shared);
  // None takes the ring of one that has ended.
  const joined = new Int32Array(workerData.joined);
  Atomics.add(joined, 0, 1);
  Atomics.notify(joined, 0);
  for (let count; (count = Atomics.load(joined, 0)) < WORKERS;) Atomics.wait(joined, 0, count);
  writeSteps(recording);
  recording.writer.close();
} else {
  const [folder, loss] = process.argv.slice(2);
  const memory = createSharedMemory(1 << 14, 1 << 14, 2);
  const place = { folder, pid: process.pid, startNs: process.hrtime.bigint(), wallNs: BigInt(Date.now()) * 1_000_000n };
  const shared = { buffer: memory.buffer, place, limits: { segmentBytes: 1 << 20, totalBytes: 1 << 24 }, whenFull: 'drop' };
  new PartFile(memory, place, shared.limits).open();
  const recording = joinRecording(shared);
  const { words } = openSharedMemory(memory.buffer);
  recording.writer.write(KIND.processBegin, 1, 0, process.pid, 0, 0, 0);
  writeSync(1, '1\n');
  if (loss === 'ring') {
    words[CONTROL.lock] = 1;
    writeSteps(recording);
    words[CONTROL.lock] = 0;
  } else {
    const joined = new SharedArrayBuffer(4);
    const workers = Array.from({ length: WORKERS }, () => new Worker(new URL(import.meta.url), { workerData: { shared, joined } }));
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))));
  }
  writeSteps(recording);
  recording.finish(null);
}
