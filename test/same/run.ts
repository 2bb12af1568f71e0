/** Runs one start of a program to its end. */

import { spawn } from 'node:child_process';
import { killTree } from '../machine/kill-tree.ts';
import type { Start } from './way.ts';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** "status 0", "SIGKILL", "still ran after 60 s". */
  readonly end: string;
}

const MAX_RUN_MS = 60_000;
/** A program that floods its output differs anyway. */
const MAX_OUTPUT_CHARS = 1024 * 1024;

export function run(node: string, start: Start, cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...start.args], { cwd, env, stdio: 'pipe', detached: true });
    const output = { stdout: '', stderr: '' };
    let isEnding = false;
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < MAX_OUTPUT_CHARS) output[name] += text;
        if (!isEnding && start.until?.test(output.stdout + output.stderr) === true) {
          isEnding = true;
          child.kill('SIGTERM');
        }
      });
    }
    // A program may end before it has read its input.
    child.stdin.on('error', () => {});
    child.stdin.end(start.input ?? '');
    let isLate = false;
    const bound = setTimeout(() => {
      isLate = true;
      killTree(child.pid);
    }, MAX_RUN_MS);
    child.on('error', (error) => {
      clearTimeout(bound);
      reject(error);
    });
    child.on('close', (status, signal) => {
      clearTimeout(bound);
      const end = isLate ? `still ran after ${MAX_RUN_MS / 1000} s` : (signal ?? `status ${status}`);
      resolve({ ...output, end });
    });
  });
}
