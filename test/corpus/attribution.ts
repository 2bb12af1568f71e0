/**
 * How much of what programs did belongs to somebody (`simul show --attribution`), a row a program:
 *
 *   npm run attribution -- FOLDER… [--only=NAME,…] [--cpu]
 *
 * FOLDER is one of the corpus, or holds programs as files. Of each program: the CPU time of its
 * threads and how much of it is known, its waiting time, how much of that has a waker, and how much
 * a name. Threads that used less than 50 ms are left out: the system counts in steps of 10 ms.
 * With `--cpu` a profiler helps, as with that option of `simul trace`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { AttributionJson } from '../../runtime/launch/summary/attribution-lines.ts';
import { tree } from '../machine/tree.ts';
import { type Case, casesOf } from './cases.ts';
import { packagesFor } from './packages.ts';
import { runCase } from './run-case.ts';
import { startServers } from './servers.ts';

const MIN_CPU_NS = 50e6;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, cpu: { type: 'boolean', default: false } },
});
const traceOptions = values.cpu ? ['--cpu'] : [];
const only = values.only?.split(',');
const folders = positionals.map((folder) => resolve(folder));
const programs = folders
  .flatMap((folder) => [...fileCases(folder), ...(hasFolders(folder) ? casesOf(folder) : [])])
  .filter(({ name }) => only?.some((part) => name.includes(part)) ?? true);
if (programs.length === 0) throw new Error('name a folder that holds programs');
const packages = await packagesFor(folders);
const servers = await startServers(programs.map(({ folder }) => folder));
const sums = { cpu: 0, known: 0, waiting: 0, woken: 0, named: 0 };
const below: string[] = [];

console.log(`${'program'.padEnd(34)}     CPU  known      waiting  waker   name`);
try {
  for (const each of programs) await runAndReport(each);
} finally {
  await servers.stop();
}
report('all', sums);
console.log(below.length === 0 ? '\nNone is below 95 %.' : `\nBelow 95 %: ${below.join(', ')}`);

async function runAndReport(each: Case): Promise<void> {
  const obstacle = servers.obstacleOf(each.folder);
  if (obstacle !== null) return console.log(`${each.name.padEnd(34)}  not run: ${obstacle}`);
  const scratch = mkdtempSync(join(tmpdir(), 'simul-attribution-'));
  try {
    const { trouble } = await runCase(each, scratch, packages, null, traceOptions);
    if (trouble !== null) return console.log(`${each.name.padEnd(34)}  not run: ${trouble.slice(0, 200)}`);
    const shown = spawnSync(
      process.execPath,
      [join(tree, 'dist/cli.js'), 'show', '--attribution', '--json', join(scratch, 'recording')],
      { encoding: 'utf8', maxBuffer: 1 << 30 },
    );
    const { lanes, waits } = JSON.parse(shown.stdout) as AttributionJson;
    const busy = lanes.filter(({ cpuNs }) => cpuNs >= MIN_CPU_NS);
    const row = {
      cpu: busy.reduce((sum, { cpuNs }) => sum + cpuNs, 0),
      known: busy.reduce((sum, { cpuNs, unseenNs }) => sum + cpuNs - unseenNs, 0),
      waiting: waits.totalNs,
      woken: waits.wokenNs,
      named: waits.namedNs,
    };
    for (const field of Object.keys(sums) as (keyof typeof sums)[]) sums[field] += row[field];
    report(each.name, row);
    if (row.known < 0.95 * row.cpu || row.woken < 0.95 * row.waiting) below.push(each.name);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function report(name: string, { cpu, known, waiting, woken, named }: typeof sums): void {
  const ms = (ns: number): string => `${Math.round(ns / 1e6)} ms`;
  const percent = (part: number, whole: number): string =>
    (whole === 0 ? '–' : `${Math.floor((100 * part) / whole)} %`).padStart(7);
  console.log(
    name.padEnd(34) +
      ms(cpu).padStart(8) +
      percent(known, cpu) +
      ms(waiting).padStart(13) +
      percent(woken, waiting) +
      percent(named, waiting),
  );
}

/** It is one of the corpus: it holds programs with their truth, or healthy ones. */
function hasFolders(folder: string): boolean {
  return (
    basename(folder) === 'healthy' ||
    readdirSync(folder).some((name) => name === 'healthy' || existsSync(join(folder, name, 'truth.md')))
  );
}

/** Programs that lie in the folder as files. */
function fileCases(folder: string): Case[] {
  return readdirSync(folder)
    .filter((name) => /\.[cm]?[jt]s$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => ({ name, folder, run: name, truth: null }));
}
