/** How many workers a machine can keep busy. */
import { availableParallelism } from 'node:os';

/**
 * How many threads can run at once on this machine, as far as this process may use it. After
 * os.process_cpu_count.
 *
 * @example
 * cpuCount() >= 1; // → true
 */
export function cpuCount(): number {
  return availableParallelism();
}
