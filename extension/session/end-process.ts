/**
 * Ends a traced program. It sends SIGTERM, which the tracer forwards, and after a grace SIGKILL to
 * the whole group. The terminal makes the tracer the leader of its group, so everything that a
 * stubborn program started ends with it.
 */
export interface ProcessToEnd {
  readonly pid: number;
  readonly graceMs: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>;
  /** The last resort where there are no process groups (Windows). */
  readonly terminate: () => void;
}

export async function endProcess(target: ProcessToEnd): Promise<void> {
  if (!sendSignal(target.pid, 'SIGTERM')) return;
  let timer: NodeJS.Timeout | undefined;
  const timedOut = Symbol('late');
  const grace = new Promise<typeof timedOut>((resolve) => {
    timer = setTimeout(() => resolve(timedOut), target.graceMs);
  });
  const outcome = await Promise.race([target.ended, grace]);
  clearTimeout(timer);
  if (outcome !== timedOut) return;
  if (process.platform === 'win32' || !sendSignal(-target.pid, 'SIGKILL')) target.terminate();
}

/** @returns false when the process is gone, or is another user's */
function sendSignal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
