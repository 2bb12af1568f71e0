/**
 * The built-ins that the instrument uses, taken before the user's program can replace them. Fake
 * timers, a patched `fs` or a frozen clock must not disturb a recording, and a recording must not
 * disturb them. Nothing of the instrument reads these from `globalThis` or a module later.
 */
import fs from 'node:fs';
import path from 'node:path';

export const builtIns = {
  now: process.hrtime.bigint,
  wallMs: Date.now,
  load: Atomics.load,
  store: Atomics.store,
  add: Atomics.add,
  compareExchange: Atomics.compareExchange,
  wait: Atomics.wait,
  notify: Atomics.notify,
  openSync: fs.openSync,
  closeSync: fs.closeSync,
  writeSync: fs.writeSync,
  unlinkSync: fs.unlinkSync,
  join: path.join,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  queueMicrotask: globalThis.queueMicrotask,
  apply: Reflect.apply,
} as const;
