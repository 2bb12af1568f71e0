/**
 * What tracing costs a whole program: the CPU time of a realistic load, with the shipper thread,
 * and the start-up of a hello world. Peers: the same program untraced and under async_hooks.
 *
 *   npm run build && tsc -b bench && node build/bench/load.js [ROUNDS]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { traceEnv } from '../runtime/launch/start-trace.ts';
import { runInTurn, printTable } from './report.ts';

const programs = fileURLToPath(new URL('../../bench/programs/', import.meta.url));
const rounds = Number(process.argv[2] ?? 7);
const scratch = mkdtempSync(join(tmpdir(), 'simul-bench-'));

interface Mode {
  readonly name: string;
  readonly flags: readonly string[];
  readonly depth: 'full' | 'light' | null;
}

const modes: readonly Mode[] = [
  { name: 'untraced', flags: [], depth: null },
  { name: 'async_hooks, all events', flags: ['--require', join(programs, 'async-hooks.cjs')], depth: null },
  { name: 'Simul, light', flags: [], depth: 'light' },
  { name: 'Simul, full', flags: [], depth: 'full' },
];

function run(mode: Mode, program: string): { readonly stdout: string; readonly ms: number } {
  const recording = mkdtempSync(join(scratch, 'recording-'));
  const env = { ...process.env, NODE_OPTIONS: '' };
  const startMs = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [...mode.flags, join(programs, program)], {
    encoding: 'utf8',
    env: mode.depth === null ? env : traceEnv({ env, recording, depth: mode.depth }),
  });
  const ms = performance.now() - startMs;
  rmSync(recording, { recursive: true });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return { stdout, ms };
}

try {
  const load = modes.map((mode) => ({
    name: mode.name,
    run: () => Number(run(mode, 'load.mjs').stdout) / 1000,
  }));
  printTable('CPU of 200 tasks, a bounded queue, timers, jobs of 15 µs', 'ms', runInTurn(rounds, load));
  const hello = modes.map((mode) => ({ name: mode.name, run: () => run(mode, 'hello.mjs').ms }));
  printTable('Start-up: hello world, wall', 'ms', runInTurn(rounds, hello));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
