/** Runs a Python program beside others, traced into a recording that it may share with them. */
import { spawn } from 'node:child_process';
import { traceEnv } from '../../../runtime/launch/start-trace.ts';
import { noteExitCode } from '../../../runtime/recorder/end-killed-process.ts';
import { AGENT, type Output, PYTHON } from './trace-python.ts';

export interface RunOptions {
  /** The folder that it runs in. */
  readonly folder: string;
  /** Null: untraced. */
  readonly recording: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Output>;
  kill(signal: NodeJS.Signals): void;
}

export function runPython({ folder, recording, env: more, args }: RunOptions): Running {
  const plain = { ...process.env, ...more };
  const env = recording === null ? plain : traceEnv({ env: plain, recording, cache: null, agent: AGENT });
  const child = spawn(PYTHON, args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Output>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (recording !== null && status !== null) noteExitCode(recording, child.pid!, status);
      resolve({ status, signal, stdout, stderr });
    });
  });
  return { pid: child.pid!, ended, kill: (signal) => void child.kill(signal) };
}
