/**
 * What tracing costs a Python program, beside the same program untraced and under `sys.setprofile`
 * with an empty function: a switch of asyncio, a request over its streams and with aiohttp, an
 * item of a pool, a `send` to a generator, a start. aiohttp has to be on PYTHONPATH; without it
 * its row is left out, which is said.
 *
 *   tsc -b bench && node esbuild.mjs --production && node build/bench/python.js [ROUNDS [PYTHON]]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { printTable, runInTurn } from './report.ts';

const rounds = Number(process.argv[2] ?? 5);
const python = process.argv[3] ?? 'python3';
const programs = resolve('bench/programs');
const agent = resolve('dist/agent/python');
// Compiled modules are kept, as they are unless somebody asks for the contrary.
const { PYTHONDONTWRITEBYTECODE: _, ...env } = process.env;

function tracedEnv(program: string, recording: string): NodeJS.ProcessEnv {
  const path = [agent, env['PYTHONPATH']].filter((part) => part).join(delimiter);
  const generators = program === 'python-generator.py' ? { SIMUL_GENERATORS: '1' } : {};
  return { ...env, ...generators, PYTHONPATH: path, SIMUL_RECORDING: recording };
}

/** @returns what the program prints: ns */
function run(program: string, how: 'untraced' | 'traced' | 'setprofile'): number {
  const recording = mkdtempSync(join(tmpdir(), 'simul-bench-'));
  try {
    const { stdout, stderr } = spawnSync(
      python,
      [join(programs, program), ...(how === 'setprofile' ? [how] : [])],
      {
        encoding: 'utf8',
        env: how === 'traced' ? tracedEnv(program, recording) : env,
      },
    );
    const ns = Number(stdout);
    if (stdout === '' || Number.isNaN(ns)) throw new Error(`${program} printed no time: ${stdout}${stderr}`);
    return ns;
  } finally {
    rmSync(recording, { recursive: true });
  }
}

const { stdout: version } = spawnSync(python, ['--version'], { encoding: 'utf8' });
console.log(version.trim());
for (const [title, program] of [
  ['a switch by asyncio.sleep(0)', 'python-switch.py'],
  ['a request over asyncio streams, with JSON', 'python-streams.py'],
  ['a request with aiohttp', 'python-aiohttp.py'],
  ['an item of Pool.map, one a call', 'python-pool.py'],
  ['a send to a generator, with --generators', 'python-generator.py'],
  ['CPU of a start with asyncio', 'python-start.py'],
] as const) {
  if (program === 'python-aiohttp.py' && spawnSync(python, ['-c', 'import aiohttp'], { env }).status !== 0) {
    console.log(`\n${title}: left out, aiohttp is not on PYTHONPATH`);
    continue;
  }
  // The first run compiles the agent.
  run(program, 'traced');
  const ways = (['untraced', 'traced', 'setprofile'] as const).filter(
    (how) => how !== 'setprofile' || program !== 'python-start.py',
  );
  printTable(
    title,
    'µs',
    runInTurn(
      rounds,
      ways.map((how) => ({ name: how, run: () => run(program, how) / 1e3 })),
    ),
  );
}
