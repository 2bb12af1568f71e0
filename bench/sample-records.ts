/**
 * Records as a busy program writes them, for measuring codecs and readers without running one: tasks
 * in a loop that await a timer, a call of their own and a queue, with seeded times and orders. Each
 * record is what the agent writes at full depth: begin, wait, wake, run, end, put, get.
 */
import { FLAG, KIND, REASONS, REASON } from '../runtime/trace/format/kinds.ts';
import { head, RECORD_BYTES, RECORD_WORDS, W } from '../runtime/trace/format/layout.ts';

export function sampleRecords(count: number, tasks = 200, seed = 1): Uint8Array {
  const bytes = new Uint8Array(count * RECORD_BYTES);
  const words = new Uint32Array(bytes.buffer);
  let written = 0;
  let now = 5_000_000_000_000n;
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x100000000;
  };
  const write = (kind: number, flags: number, task: number, a = 0, b = 0, c = 0, d = 0): void => {
    if (written >= count) return;
    // Between a fast probe and a job of some microseconds, unevenly.
    now += BigInt(Math.floor(120 + 300 * random() + (random() < 0.15 ? 15_000 * random() : 0)));
    const w = written++ * RECORD_WORDS;
    words[w + W.tLow] = Number(now & 0xffffffffn);
    words[w + W.tHigh] = Number(now >> 32n);
    words.set([task, a, b, c, d, head(kind, flags, 1)], w + W.task);
  };
  const reason = (name: (typeof REASONS)[number]): number => REASON[name];
  let id = 1;
  const queue = id++;
  write(KIND.resourceBegin, 3 | FLAG.resourceBounded, 0, queue, 1, 2, 64);
  const main = id++;
  write(KIND.activationBegin, 1, main, 0, 1);
  const loops = Array.from({ length: tasks }, () => ({ id: id++, timer: 0 }));
  for (const { id: task } of loops) {
    write(KIND.activationBegin, 1 | FLAG.beginUnawaited, task, main, 2);
    loopWaits(task);
  }
  write(KIND.wait, reason('group'), main, 9, 0);
  let serial = 0;
  let depth = 0;
  while (written < count) {
    // A timer goes off for one of them, its callback wakes it, and it does one round of its loop.
    const loop = loops[Math.floor(random() * loops.length)]!;
    const callback = id++;
    write(KIND.activationBegin, 5, callback, loop.id, 3, 0, loop.timer);
    write(KIND.wake, 0, loop.id, callback, loop.timer);
    write(KIND.activationEnd, 1, callback);
    write(KIND.run, 1, loop.id, callback, loop.timer);
    const child = id++;
    write(KIND.activationBegin, 1, child, loop.id, 5);
    write(KIND.wait, reason('value'), child, 6);
    write(KIND.wait, reason('task') | FLAG.waitDirect, loop.id, 7, child);
    write(KIND.run, 0, child);
    write(KIND.activationEnd, 1, child);
    write(KIND.wake, 0, loop.id, child, child);
    write(KIND.run, 1, loop.id, child, child);
    depth += random() < 0.5 && depth > 0 ? -1 : 1;
    write(random() < 0.5 ? KIND.put : KIND.get, 1, loop.id, queue, depth, ++serial);
    loopWaits(loop.id);
  }
  return bytes;

  function loopWaits(task: number): void {
    const timer = id++;
    const loop = loops.find((one) => one.id === task)!;
    loop.timer = timer;
    write(KIND.resourceBegin, 1, task, timer, 4, 3);
    write(KIND.wait, reason('timer'), task, 4, timer);
  }
}
