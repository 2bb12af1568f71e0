/**
 * Records of a large program, made quickly for measurements of the panel: `tasks` tasks, a row
 * each, over `lanes` threads. They run, wait for a timer, I/O, a lock or a queue, are woken, and
 * run again.
 */
import { FLAG, KIND, REASON, WAKER } from '../runtime/trace/format/kinds.ts';
import { head, RECORD_BYTES, RECORD_WORDS } from '../runtime/trace/format/layout.ts';

const WAITS = ['timer', 'io', 'lock', 'queue-get'] as const;

/**
 * About `events` records; each step of a task is three of them: run, wait, wake.
 * @param everyNs between two records, on average
 */
export function benchRecords(events: number, tasks: number, lanes: number, everyNs = 1050): Uint8Array {
  const bytes = new Uint8Array((tasks + Math.ceil((events - tasks) / 3) * 3) * RECORD_BYTES);
  const words = new Uint32Array(bytes.buffer);
  let at = 0;
  let t = 1_000_000_000;
  let seed = 42;
  const random = (n: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 4_294_967_296) * n);
  };
  /** `other`: the parent, or the waker. */
  const emit = (recordHead: number, task: number, other = 0): void => {
    t += Math.round((everyNs / 1050) * (100 + random(1900)));
    words[at] = t >>> 0;
    words[at + 1] = Math.floor(t / 4_294_967_296);
    words[at + 2] = task;
    words[at + 3] = other;
    words[at + 7] = recordHead;
    at += RECORD_WORDS;
  };
  for (let id = 1; id <= tasks; id++)
    emit(head(KIND.activationBegin, FLAG.beginReady, id % lanes), id, id > lanes ? 1 : 0);
  while (at + 3 * RECORD_WORDS <= words.length) {
    const task = 1 + random(tasks);
    const lane = task % lanes;
    emit(head(KIND.run, WAKER.known, lane), task, 1 + random(tasks));
    emit(head(KIND.wait, REASON[WAITS[random(WAITS.length)]!], lane), task);
    emit(head(KIND.wake, 0, lane), task, 1 + random(tasks));
  }
  return bytes.subarray(0, at * 4);
}
