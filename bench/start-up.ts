/**
 * What a traced program costs before it does anything, and what it costs while it hardly does
 * anything: wall time from start to end, and CPU time of the process with all of its threads,
 * beside the untraced program. Goals: 30 ms more at the start, 1.3 times the CPU of an idle
 * service.
 *
 *   tsc -b bench && node esbuild.mjs --production && node build/bench/start-up.js [ROUNDS [NODE]]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Measurement, median, printTable } from './report.ts';

const rounds = Number(process.argv[2] ?? 15);
const node = process.argv[3] ?? process.execPath;
const programs = resolve('bench/programs');
const preload = resolve('dist/agent/preload.cjs');
const cache = mkdtempSync(join(tmpdir(), 'simul-bench-'));

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** @param depth null: untraced */
function run(program: string, depth: 'full' | 'light' | null): Cost {
  const recording = mkdtempSync(join(tmpdir(), 'simul-bench-'));
  const traced = { SIMUL_RECORDING: recording, SIMUL_DEPTH: depth ?? '', SIMUL_CACHE: cache };
  const args = ['--require', join(programs, 'cpu-at-exit.cjs'), join(programs, program)];
  try {
    const fromMs = performance.now();
    const { stdout } = spawnSync(node, depth === null ? args : ['--require', preload, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...(depth === null ? {} : traced) },
    });
    return { wallMs: performance.now() - fromMs, cpuMs: Number(/^cpu (.*)$/m.exec(stdout)![1]) };
  } finally {
    rmSync(recording, { recursive: true });
  }
}

const contenders = [
  { name: 'untraced', depth: null },
  { name: 'light', depth: 'light' },
  { name: 'full', depth: 'full' },
] as const;

function measure(title: string, program: string, count: number): void {
  // The first runs fill the cache.
  for (const { depth } of contenders) run(program, depth);
  const costs = contenders.map(({ name }) => ({ name, values: [] as Cost[] }));
  for (let round = 0; round < count; round++) {
    contenders.forEach(({ depth }, i) => costs[i]!.values.push(run(program, depth)));
  }
  for (const what of ['wallMs', 'cpuMs'] as const) {
    const table: Measurement[] = costs.map(({ name, values }) => ({
      name,
      values: values.map((cost) => cost[what]),
    }));
    printTable(`${title}, ${what === 'wallMs' ? 'wall' : 'CPU'}`, 'ms', table);
    for (const { name, values } of table.slice(1)) {
      const more = median(values.map((value, i) => value - table[0]!.values[i]!));
      console.log(`  ${name}: ${more.toFixed(1)} ms more than untraced`);
    }
  }
}

measure('start-up', 'hello.mjs', rounds);
measure('idle', 'wakes.mjs', Math.max(3, Math.round(rounds / 4)));
rmSync(cache, { recursive: true });
