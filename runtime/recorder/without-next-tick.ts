/**
 * Makes a thread of ours as if it had not been made. Node schedules a tick to tell `process.on('worker')` of a new thread.
 * Nobody shall be told of ours; and a tick that is scheduled before the program starts makes Node drain the first
 * microtasks from JavaScript: one frame more in the user's stacks.
 */
export function withoutNextTick<T>(make: () => T): T {
  const { nextTick } = process;
  process.nextTick = () => {};
  try {
    return make();
  } finally {
    process.nextTick = nextTick;
  }
}
