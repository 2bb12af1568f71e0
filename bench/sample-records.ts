/**
 * Records as a busy program writes them, for measuring codecs and readers without running one.
 * Tasks in a loop await a timer, a call of their own and a queue, in seeded times and orders. The
 * records are those that the agent writes at full depth: begin, wait, wake, run, end, put, get.
 */
import {
  ACTIVATION_KIND,
  FLAG,
  KIND,
  OUTCOME,
  REASON,
  RESOURCE_KIND,
  WAKER,
} from '../runtime/trace/format/kinds.ts';
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
  const write = (kind: number, flags: number, task: number, fields: readonly number[] = []): void => {
    if (written >= count) return;
    // From a fast probe to a call of some microseconds, unevenly spread.
    now += BigInt(Math.floor(120 + 300 * random() + (random() < 0.15 ? 15_000 * random() : 0)));
    const w = written++ * RECORD_WORDS;
    words[w + W.tLow] = Number(now & 0xffffffffn);
    words[w + W.tHigh] = Number(now >> 32n);
    words[w + W.task] = task;
    words.set(fields, w + W.a);
    words[w + W.head] = head(kind, flags, 1);
  };
  let id = 1;
  const queue = id++;
  write(KIND.resourceBegin, RESOURCE_KIND.queue | FLAG.resourceBounded, 0, [queue, 1, 2, 64]);
  const main = id++;
  write(KIND.activationBegin, ACTIVATION_KIND['async-function'], main, [0, 1]);
  const loops = Array.from({ length: tasks }, () => ({ id: id++, timer: 0 }));
  for (const { id: task } of loops) {
    write(KIND.activationBegin, ACTIVATION_KIND['async-function'] | FLAG.beginUnawaited, task, [main, 2]);
    loopWaits(task);
  }
  write(KIND.wait, REASON.group, main, [9]);
  let serial = 0;
  let depth = 0;
  while (written < count) {
    // A timer goes off for one of them, its callback wakes it, and it does one round of its loop.
    const loop = loops[Math.floor(random() * loops.length)]!;
    const callback = id++;
    write(KIND.activationBegin, ACTIVATION_KIND['timer-callback'], callback, [loop.id, 3, 0, loop.timer]);
    write(KIND.wake, 0, loop.id, [callback, loop.timer]);
    write(KIND.activationEnd, OUTCOME.ok, callback);
    write(KIND.run, WAKER.known, loop.id, [callback, loop.timer]);
    const child = id++;
    write(KIND.activationBegin, ACTIVATION_KIND['async-function'], child, [loop.id, 5]);
    write(KIND.wait, REASON.value, child, [6]);
    write(KIND.wait, REASON.task | FLAG.waitDirect, loop.id, [7, child]);
    write(KIND.run, 0, child);
    write(KIND.activationEnd, OUTCOME.ok, child);
    write(KIND.wake, 0, loop.id, [child, child]);
    write(KIND.run, WAKER.known, loop.id, [child, child]);
    depth += random() < 0.5 && depth > 0 ? -1 : 1;
    write(random() < 0.5 ? KIND.put : KIND.get, FLAG.moveNow, loop.id, [queue, depth, ++serial]);
    loopWaits(loop.id);
  }
  return bytes;

  function loopWaits(task: number): void {
    const timer = id++;
    const loop = loops.find(({ id: loopId }) => loopId === task)!;
    loop.timer = timer;
    write(KIND.resourceBegin, RESOURCE_KIND.timer, task, [timer, 4, 3]);
    write(KIND.wait, REASON.timer, task, [4, timer]);
  }
}
