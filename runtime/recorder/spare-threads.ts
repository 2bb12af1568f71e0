/**
 * How many threads the system still gives this user and this control group, on Linux. Node aborts
 * or waits for ever where it gets none. Built for Node 8, since the preload asks first.
 */
import fs from 'node:fs';
import path from 'node:path';

/** A larger limit than this is not counted up: it costs a look at each process. */
const MAX_COUNTED_THREADS = 1024;

/** Ends the sentence "… was not traced: …"; null: there are as many. */
export function missingThreads(count: number, limits = readText('/proc/self/limits')): string | null {
  if (spareThreads(limits) < count) return 'too few processes are left (ulimit -u)';
  if (spareInGroup() < count) return "too few processes are left in the control group's limit";
  return null;
}

/** The limit counts the threads of all processes of the user. Root has none. */
function spareThreads(limits: string): number {
  const limit = limitOf(limits, 'Max processes');
  if (limit > MAX_COUNTED_THREADS || !process.getuid) return Infinity;
  const user = process.getuid();
  if (user === 0) return Infinity;
  let threads = 0;
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = readText(`/proc/${name}/status`);
    const owner = /^Uid:\s+(\d+)/m.exec(status);
    const own = /^Threads:\s+(\d+)/m.exec(status);
    if (owner !== null && own !== null && Number(owner[1]) === user) threads += Number(own[1]);
  }
  return limit - threads;
}

/** Containers and services bound the number of their threads (pids.max of cgroups 2). */
function spareInGroup(): number {
  const group = /^0::(.*)$/m.exec(readText('/proc/self/cgroup'));
  if (group === null) return Infinity;
  const folder = path.join('/sys/fs/cgroup', group[1]!);
  const max = parseInt(readText(path.join(folder, 'pids.max')), 10);
  if (!(max >= 0)) return Infinity;
  return max - parseInt(readText(path.join(folder, 'pids.current')), 10);
}

/** The soft limit of a row of /proc/self/limits. */
export function limitOf(limits: string, row: string): number {
  const line = limits.split('\n').filter((text) => text.indexOf(row) === 0)[0];
  const value = line === undefined ? NaN : parseInt(line.slice(26), 10);
  return value >= 0 ? value : Infinity;
}

/** '': it cannot be read. */
export function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
