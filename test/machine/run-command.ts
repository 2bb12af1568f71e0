/**
 * Runs a program to its end, within a bound. A child that hangs is killed together with everything
 * it started, and the result says so.
 */

import { spawn } from 'node:child_process';
import { setTimeout as after, clearTimeout as cancel } from 'node:timers';
import { killGroup, killTree } from './kill-tree.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly boundMs: number;
  /** 'show': the child writes to this process's output; 'keep': its output is returned. */
  readonly output: 'show' | 'keep';
}

export interface CommandResult {
  readonly ok: boolean;
  /** "exit code 3", "ended by SIGSEGV", "killed at its bound of 60 s". */
  readonly outcome: string;
  /** Standard output and error as they came, when kept: at most the last 64 KiB. */
  readonly output: string;
}

const MAX_OUTPUT_CHARS = 64 * 1024;
const MAX_OPEN_OUTPUT_MS = 2000;

export function runCommand(command: Command): Promise<CommandResult> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command.file, [...command.args], {
      cwd: command.cwd,
      env: command.env ?? process.env,
      // A group of its own, so that the processes it leaves behind can be found.
      detached: process.platform !== 'win32',
      stdio: [
        'ignore',
        command.output === 'show' ? 'inherit' : 'pipe',
        command.output === 'show' ? 'inherit' : 'pipe',
      ],
    });
    const append = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARS);
    };
    child.stdout?.on('data', append);
    child.stderr?.on('data', append);

    let killedAtBound = false;
    const bound = after(() => {
      killedAtBound = true;
      killTree(child.pid);
    }, command.boundMs);
    const onParentExit = (): void => killTree(child.pid);
    process.once('exit', onParentExit);

    const finish = (ok: boolean, outcome: string): void => {
      cancel(bound);
      process.removeListener('exit', onParentExit);
      resolve({ ok, outcome, output });
    };
    child.on('error', (error) => finish(false, `it could not be started: ${error.message}`));
    // The rest of the child's group is killed when the child exits. A process outside the group
    // may hold its output open: that is closed after a while.
    let closeOutput: NodeJS.Timeout | undefined;
    child.on('exit', () => {
      killGroup(child.pid);
      closeOutput = after(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, MAX_OPEN_OUTPUT_MS);
    });
    child.on('close', (code, signal) => {
      cancel(closeOutput);
      if (killedAtBound) finish(false, `killed at its bound of ${command.boundMs / 1000} s`);
      else if (signal !== null) finish(false, `ended by ${signal}`);
      else finish(code === 0, `exit code ${code}`);
    });
  });
}
