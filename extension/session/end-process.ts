/**
 * Ends a traced program: asks first (SIGTERM, which the tracer hands on), then insists.
 * The terminal makes the tracer the leader of its group, so that what a stubborn program started ends with it.
 */
export interface EndingProcess {
  readonly pid: number;
  readonly graceMs: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>;
  /** The last resort where there are no process groups. */
  readonly terminate: () => void;
}

export async function endProcess(ending: EndingProcess): Promise<void> {
  if (!signal(ending.pid, 'SIGTERM')) return;
  let timer: NodeJS.Timeout | undefined;
  const late = Symbol('late');
  const grace = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), ending.graceMs);
  });
  const first = await Promise.race([ending.ended, grace]);
  clearTimeout(timer);
  if (first !== late) return;
  if (process.platform === 'win32' || !signal(-ending.pid, 'SIGKILL')) ending.terminate();
}

/** false: there is no such process any more (or it is not ours). */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
