/**
 * Ends a process that we started, and everything it started in turn, in whatever group or session
 * that put itself (browsers and servers do). Says nothing about what is gone already.
 */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export function endTree(pid: number | undefined): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  for (const each of [pid, ...descendants(pid)]) end(each);
  endGroup(pid);
}

/** Orphans have no parent to be found by, but they are still in the group of the one who started them. */
export function endGroup(pid: number | undefined): void {
  if (pid !== undefined && process.platform !== 'win32') end(-pid);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of processes()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const found: number[] = [];
  const look = (pid: number): void => {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      look(child);
    }
  };
  look(root);
  return found;
}

/** Pairs of process and parent. Small Linux images have no `ps`, other systems no /proc. */
function processes(): [pid: number, parent: number][] {
  if (process.platform !== 'linux') {
    const listed = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout ?? '';
    return listed.split('\n').map((line) => {
      const [pid = NaN, parent = NaN] = line.trim().split(/\s+/).map(Number);
      return [pid, parent];
    });
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)]);
}

/** `pid (name, which may hold anything) state parent …` */
function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return NaN;
  }
}
