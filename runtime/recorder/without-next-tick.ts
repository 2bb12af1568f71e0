/**
 * Calls `create` without the ticks that it schedules: makes a thread of the instrument unnoticed.
 * Node schedules a tick that emits 'worker' on `process` for each new thread, and the program must
 * not see this one. A tick scheduled before the program starts would also make Node drain the first
 * microtasks from JavaScript: one frame more in the user's stacks.
 */
export function withoutNextTick<T>(create: () => T): T {
  const { nextTick } = process;
  process.nextTick = () => {};
  try {
    return create();
  } finally {
    process.nextTick = nextTick;
  }
}
