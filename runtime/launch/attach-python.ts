/**
 * Attaches to a Python program that runs already, from CPython 3.14 on: its own interpreter is
 * asked to run a file of ours in it (`sys.remote_exec`). Every reason why that cannot be is told in
 * one sentence; the program goes on as it was.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { isProcessAlive } from './is-process-alive.ts';
import { isPython } from './python-command.ts';

/** The first CPython that can be attached to. */
const MIN_PYTHON = [3, 14] as const;
const MAX_ANSWER_MS = 10_000;
/** A program that runs Python comes to its next instruction at once; one may stand in a call. */
const MAX_COMING_MS = 10_000;
const POLL_MS = 50;
const PRIVATE_MODE = 0o600;
/** What the names of the files begin with that the program is asked to run. */
const SCRIPT = 'attach-';

export interface AttachTarget {
  readonly pid: number;
  /** The interpreter that the process runs. */
  readonly python: string;
}

/** @returns one sentence when it cannot be attached to */
export async function findAttachTarget(pid: number): Promise<AttachTarget | string> {
  if (process.platform !== 'linux') return 'Simul attaches to Python programs on Linux alone';
  if (!isProcessAlive(pid)) return `there is no process ${pid}`;
  let python: string;
  try {
    python = readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return `process ${pid} is another user's, so nothing can be attached to it`;
  }
  const recording = recordingOf(pid);
  if (recording !== null) return `process ${pid} runs under trace already, into ${recording}`;
  // Whatever else it is must not be started with options of Python's.
  if (!isPython(python.replace(/ \(deleted\)$/, '')))
    return `process ${pid} runs ${python}, which is no Python`;
  const question = 'import sys; print(sys.implementation.name, *sys.version_info[:3])';
  const answer = await ask(python, question, []);
  const version = /^(\w+) (\d+) (\d+) (\d+)$/.exec(answer.stdout.trim());
  if (version === null) return `process ${pid} runs ${python}, which does not answer like Python`;
  const [major, minor, micro] = version.slice(2).map(Number) as [number, number, number];
  if (major < MIN_PYTHON[0] || (major === MIN_PYTHON[0] && minor < MIN_PYTHON[1]))
    return `process ${pid} runs Python ${major}.${minor}.${micro}; only ${MIN_PYTHON.join('.')} and newer can be attached to, so start it under trace instead: simul trace -- COMMAND`;
  return { pid, python };
}

/**
 * Brings the agent in.
 *
 * @param agent the folder of the agent for Python
 * @returns one sentence when it did not come in
 */
export async function attachPython(
  { pid, python }: AttachTarget,
  agent: string,
  recording: string,
): Promise<string | null> {
  const trouble = await runIn({ pid, python }, recording, agent, `attach(${pythonText(recording)})`);
  if (trouble !== null) return trouble;
  return holdsPart(recording) ? null : `the instrument did not come into process ${pid}; it runs on untraced`;
}

/** The program goes on; nothing more of it is recorded. */
export async function detachPython(target: AttachTarget, agent: string, recording: string): Promise<void> {
  await runIn(target, recording, agent, 'detach()');
}

/** Resolves when the process has ended, or when `stop` says so. */
export async function untilEnded(pid: number, stop: AbortSignal): Promise<void> {
  while (isProcessAlive(pid) && !stop.aborted)
    await after(POLL_MS, undefined, { signal: stop }).catch(() => undefined);
}

/** Everything happens in names of its own: the file runs in the program's `__main__`. */
async function runIn(
  { pid, python }: AttachTarget,
  recording: string,
  agent: string,
  call: string,
): Promise<string | null> {
  const script = join(recording, `${SCRIPT}${call.slice(0, 6)}.py`);
  const lines = [
    'import os, sys',
    `sys.path.insert(0, ${pythonText(agent)})`,
    'try:',
    '    import _simul.attach',
    `    _simul.attach.${call}`,
    'except Exception:',
    '    pass',
    'finally:',
    `    sys.path.remove(${pythonText(agent)})`,
    // So it is known here that it has come to its end.
    `    os.unlink(${pythonText(script)})`,
  ];
  writeFileSync(script, `exec(${pythonText(lines.join('\n'))}, {"__name__": "_simul_attach"})\n`, {
    mode: PRIVATE_MODE,
  });
  const { failure } = await ask(python, 'import sys; sys.remote_exec(int(sys.argv[1]), sys.argv[2])', [
    String(pid),
    script,
  ]);
  if (failure === null) return await untilRun(pid, script);
  rmSync(script, { force: true });
  if (/PermissionError|Operation not permitted/.test(failure))
    return `the system does not let this user attach to process ${pid}`;
  if (/not enabled/.test(failure))
    return `process ${pid} was started with remote debugging switched off, so nothing can be attached to it`;
  return `process ${pid} cannot be attached to: ${failure.trim().split('\n').at(-1)}`;
}

async function untilRun(pid: number, script: string): Promise<string | null> {
  const deadline = performance.now() + MAX_COMING_MS;
  while (existsSync(script)) {
    if (!isProcessAlive(pid)) return `process ${pid} ended before the instrument came in`;
    if (performance.now() > deadline) {
      // It will run the file all the same, later: then there is nothing in it.
      writeFileSync(script, `__import__("os").unlink(${pythonText(script)})\n`);
      return `process ${pid} stands in a call that runs no Python code, so the instrument did not come in within ${MAX_COMING_MS / 1000} s`;
    }
    await after(POLL_MS);
  }
  return null;
}

/** JSON's texts are Python's, too, where no half of a pair of surrogates is in them. */
const pythonText = (text: string): string => JSON.stringify(text);

function holdsPart(recording: string): boolean {
  return readdirSync(recording).some((name) => !name.startsWith(SCRIPT));
}

/** The folder that the process was told to record into; null: none, or it is not known. */
function recordingOf(pid: number): string | null {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const found = variables.find((variable) => variable.startsWith('SIMUL_RECORDING='));
    return found === undefined ? null : found.slice('SIMUL_RECORDING='.length) || null;
  } catch {
    return null;
  }
}

function ask(
  python: string,
  code: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly failure: string | null }> {
  const options = { timeout: MAX_ANSWER_MS, encoding: 'utf8' as const };
  return new Promise((resolve) => {
    execFile(python, ['-E', '-s', '-S', '-c', code, ...args], options, (error, stdout, stderr) => {
      resolve({ stdout, failure: error === null ? null : stderr.trim() || error.message });
    });
  });
}
