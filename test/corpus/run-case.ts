/** Runs a program of the corpus under trace, as its truth says, and reads what is said of it. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TraceJson } from '../../runtime/launch/json/trace-json.ts';
import { killTree } from '../machine/kill-tree.ts';
import { tree } from '../machine/tree.ts';
import type { Case } from './cases.ts';
import type { Answer } from './judge.ts';

export interface CaseRun {
  readonly answers: readonly Answer[];
  /** Why there are none; null: there are. */
  readonly trouble: string | null;
}

const MAX_RUN_MS = 60_000;
const SECOND_AFTER_MS = 1000;
const cli = join(tree, 'dist/cli.js');

/**
 * @param scratch an empty folder, for this case alone
 * @param packages a node_modules
 * @param pythonPackages a folder for PYTHONPATH
 * @param options more of `simul trace`
 */
export async function runCase(
  { name, folder, run, truth }: Case,
  scratch: string,
  packages: string | null,
  pythonPackages: string | null = null,
  options: readonly string[] = [],
): Promise<CaseRun> {
  const place = join(scratch, name);
  const recording = join(scratch, 'recording');
  cpSync(folder, place, { recursive: true });
  mkdirSync(recording);
  if (packages !== null) symlinkSync(packages, join(scratch, 'node_modules'));
  const bin = packages === null ? '' : `${join(packages, '.bin')}${delimiter}`;
  const env = {
    ...process.env,
    PATH: `${bin}${process.env['PATH'] ?? ''}`,
    ...(pythonPackages === null ? {} : { PYTHONPATH: pythonPackages }),
  };
  const words = run.split(' ');
  const traced = spawn(
    process.execPath,
    [
      cli,
      'trace',
      '--quiet',
      '--recording',
      recording,
      ...options,
      ...(words.length > 1 ? ['--', ...words] : words),
    ],
    { cwd: place, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const interrupt = truth?.interruptAfterMs ?? null;
  const timers = [setTimeout(() => killTree(traced.pid), MAX_RUN_MS)];
  if (interrupt !== null) timers.push(setTimeout(() => end(truth?.interrupt === 'SIGKILL'), interrupt));
  if (interrupt !== null && truth?.interrupt === 'SIGINT twice')
    timers.push(setTimeout(() => end(false), interrupt + SECOND_AFTER_MS));
  function end(isKilled: boolean): void {
    if (isKilled) killTree(traced.pid);
    else traced.kill('SIGINT');
  }
  const output = Promise.all([text(traced.stdout), text(traced.stderr)]);
  await new Promise((resolve) => traced.once('close', resolve));
  for (const timer of timers) clearTimeout(timer);
  const shown = spawnSync(process.execPath, [cli, 'show', '--json', recording], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (shown.status === 0) return { answers: (JSON.parse(shown.stdout) as TraceJson).findings, trouble: null };
  return { answers: [], trouble: `${shown.stderr.trim()} ${(await output).join('').slice(-500)}` };
}
