/** Runs a suite once, untraced or traced: its results, its CPU time, what the trace holds of it. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { traceEnv } from '../../runtime/launch/start-trace.ts';
import { findNode } from '../machine/node-binaries.ts';
import { resultsOf, type Results } from './results.ts';
import type { Suite } from './suite.ts';
import { readTraced, type Traced } from './traced.ts';

export type Depth = 'none' | 'full' | 'light';

/** The folder of a checkout that its packages for Python are installed into. */
export const VENV = '.venv';

/** A run that takes longer is ended, with all that it started. */
const MAX_RUN_MS = 20 * 60_000;

export interface Run extends Results {
  readonly status: number | null;
  /** Of all its processes. */
  readonly cpuMs: number;
  readonly output: string;
  /** Null: it ran untraced. */
  readonly traced: Traced | null;
}

/** @param place the checkout */
export async function runSuite(suite: Suite, place: string, depth: Depth): Promise<Run> {
  const scratch = mkdtempSync(join(tmpdir(), 'simul-suite-'));
  const recording = join(scratch, 'recording');
  const times = join(scratch, 'times.txt');
  mkdirSync(recording);
  try {
    const given = { ...(await suiteEnv(suite, place)), SIMUL_TIMES: times };
    const env = depth === 'none' ? given : traceEnv({ recording, env: given, depth });
    const { status, output } = await runShell(
      `${suite.test}; status=$?; times > "$SIMUL_TIMES"; exit $status`,
      place,
      env,
    );
    const cpuMs = cpuOf(readFileSync(times, 'utf8'));
    const traced = depth === 'none' ? null : readTraced(recording, suite, place);
    return { ...resultsOf(output, suite.reads), status, cpuMs, output, traced };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The environment of an untraced run: the suite's Node or Python comes first. */
export async function suiteEnv(suite: Suite, place: string): Promise<NodeJS.ProcessEnv> {
  const { NODE_OPTIONS: _, PYTHONPATH: __, ...plain } = process.env;
  const first =
    suite.language === 'python' ? join(place, VENV, 'bin') : dirname(await findNode(suite.node ?? 20));
  const PATH = `${first}${delimiter}${process.env['PATH'] ?? ''}`;
  return { ...plain, PATH, CI: 'true', FORCE_COLOR: '0', NO_COLOR: '1' };
}

/** In a process group of its own, so that nothing of it is left when it takes too long. */
export async function runShell(
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn('bash', ['-c', command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const limit = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), MAX_RUN_MS);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  clearTimeout(limit);
  return { status, output: stdout + stderr };
}

/** The shell's `times`: the second line is user and system time of its children. */
function cpuOf(printed: string): number {
  const [user = '', system = ''] = (printed.split('\n')[1] ?? '').split(' ');
  const ms = (time: string): number => {
    const [, minutes = '0', seconds = '0'] = /^(\d+)m([\d.]+)s$/.exec(time) ?? [];
    return Number(minutes) * 60_000 + Number(seconds) * 1000;
  };
  return ms(user) + ms(system);
}
