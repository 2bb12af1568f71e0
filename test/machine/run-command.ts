/**
 * Runs a program to its end, within a bound: a child that hangs is ended together
 * with everything it started, and that is told, never hidden.
 */

import { spawn } from 'node:child_process';
import { setTimeout as after, clearTimeout as cancel } from 'node:timers';
import { endGroup, endTree } from './end-tree.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly boundMs: number;
  /** 'show' lets the child write to our output, 'keep' collects it and returns it. */
  readonly output: 'show' | 'keep';
}

export interface Ended {
  readonly ok: boolean;
  /** In words: "exit code 3", "ended by SIGSEGV", "ended by us after 60 s". */
  readonly how: string;
  /** Standard output and error as they came, when kept; at most the last 64 KiB. */
  readonly output: string;
}

const keptChars = 64 * 1024;
const leftOpenMs = 2000;

export function runCommand(command: Command): Promise<Ended> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command.file, [...command.args], {
      cwd: command.cwd,
      env: command.env ?? process.env,
      // A group of its own, so that what it leaves behind can be found.
      detached: process.platform !== 'win32',
      stdio: [
        'ignore',
        command.output === 'show' ? 'inherit' : 'pipe',
        command.output === 'show' ? 'inherit' : 'pipe',
      ],
    });
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-keptChars);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);

    let late = false;
    const bound = after(() => {
      late = true;
      endTree(child.pid);
    }, command.boundMs);
    const onParentExit = (): void => endTree(child.pid);
    process.once('exit', onParentExit);

    const finish = (ok: boolean, how: string): void => {
      cancel(bound);
      process.removeListener('exit', onParentExit);
      resolve({ ok, how, output });
    };
    child.on('error', (error) => finish(false, `it could not be started: ${error.message}`));
    // Whatever the child left behind in its group ends with it; what hid elsewhere must not hold its output open.
    let leftOpen: NodeJS.Timeout | undefined;
    child.on('exit', () => {
      endGroup(child.pid);
      leftOpen = after(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, leftOpenMs);
    });
    child.on('close', (code, signal) => {
      cancel(leftOpen);
      if (late) finish(false, `ended by us after ${command.boundMs / 1000} s`);
      else if (signal !== null) finish(false, `ended by ${signal}`);
      else finish(code === 0, `exit code ${code}`);
    });
  });
}
