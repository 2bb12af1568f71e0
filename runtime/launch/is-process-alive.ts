/**
 * Whether a process with this number exists on this machine, of this user or another. A number that
 * the system gave to another process since then reads as alive.
 */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
