/**
 * The suite "the same": programs started in many ways, untraced and traced, on each Node, full and
 * light. Output, errors and end must be equal.
 *
 *   npm run same                                       all of it
 *   npm run same -- --ways=tsx,worker-* --nodes=24     the ways and Nodes named
 *   npm run same -- --programs=stacks/* --depth=full   the programs and the depth named
 *   npm run same -- --whole                            each way with every program that it takes
 *   npm run same -- --faults                           what differs where a fault is known, too
 *   npm run same -- --list                             the ways and programs, and nothing is run
 *
 * What cannot be run here (a Node or a package is missing) is said and counted as not run.
 */

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { findNode, type NodeMajor } from '../machine/node-binaries.ts';
import { casesOf, DEPTHS, MAJORS, named, type Case, type Depth } from './cases.ts';
import { check, nameOf, obstacleOf, type Bench, type Finding } from './check.ts';
import { allPrograms } from './all-programs.ts';
import { makeProject } from './project.ts';
import { WAYS } from './ways.ts';

const { values } = parseArgs({
  options: {
    ways: { type: 'string' },
    programs: { type: 'string' },
    nodes: { type: 'string' },
    depth: { type: 'string' },
    jobs: { type: 'string' },
    whole: { type: 'boolean' },
    faults: { type: 'boolean' },
    list: { type: 'boolean' },
  },
});

const words = (text: string | undefined): string[] => (text ?? '').split(',').filter(Boolean);
const majors =
  values.nodes === undefined ? MAJORS : words(values.nodes).map((word) => Number(word) as NodeMajor);
const depths = values.depth === undefined ? DEPTHS : (words(values.depth) as Depth[]);
const ways = named(WAYS, words(values.ways));
const programs = named(await allPrograms(), words(values.programs));
// A program that is named is wanted in each way that takes it.
const cases = casesOf({
  ways,
  programs,
  majors,
  isWhole: values.whole === true || values.programs !== undefined,
});

const startMs = performance.now();
let passed = 0;
let failed = 0;
let notRun = 0;
const faults = new Map<string, string[]>();

if (values.list === true) {
  for (const way of ways) console.log(`${way.name.padEnd(20)} ${way.what}`);
  for (const program of programs) console.log(program.name);
  console.log(`${ways.length} ways, ${programs.length} programs, ${cases.length * depths.length} cases`);
} else await runAll();

async function runAll(): Promise<void> {
  const project = makeProject();
  const nodes = new Map<NodeMajor, string>();
  const bench: Bench = { project, nodeOf: (major) => nodes.get(major)! };
  const onSignal = (): void => process.exit(130);
  process.on('exit', () => project.dispose());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  for (const major of majors) {
    const path = await findNode(major).catch((error: unknown) =>
      sayNotRun(
        cases.filter((one) => one.major === major),
        String(error),
      ),
    );
    if (path !== undefined) nodes.set(major, path);
  }
  const runnable: Case[] = [];
  const found = cases.filter(({ major }) => nodes.has(major));
  const groups = new Map<string, Case[]>();
  for (const one of found) {
    const key = `${one.way.name} on Node ${one.major}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  await inTurns([...groups.values()], async (group) => {
    const { way, major } = group[0]!;
    const obstacle = await obstacleOf(bench, way, major);
    if (obstacle === undefined) runnable.push(...group);
    else sayNotRun(group, obstacle);
  });
  await inTurns(runnable, async (one) => {
    try {
      for (const finding of await check(bench, one, depths)) report(one, finding);
    } catch (error) {
      failed += depths.length;
      console.log(`\n✘ ${nameOf(one)}: ${String(error)}`);
    }
  });
  for (const [reason, names] of faults) {
    console.log(`\n✘ known fault, ${names.length} cases: ${reason}`);
    for (const name of names) console.log(`   ${name}`);
  }
  const minutes = ((performance.now() - startMs) / 60_000).toFixed(1);
  console.log(`\n${ways.length} ways, ${programs.length} programs, ${minutes} minutes`);
  console.log(`${passed} passed, ${failed} failed, ${notRun} not run`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

function sayNotRun(group: readonly Case[], reason: string): undefined {
  if (group.length === 0) return;
  const { way, major } = group[0]!;
  const names = new Set(group.map((one) => one.way.name));
  notRun += group.length * depths.length;
  console.log(
    `\n– not run: ${names.size === 1 ? way.name : 'all ways'} on Node ${major} (${group.length * depths.length} cases): ${reason}`,
  );
}

function report(one: Case, { name, depth, lines, known }: Finding): void {
  const differs = lines.length > 0;
  if (known === undefined && !differs) passed++;
  else if (known?.kind === 'promise' && differs) passed++;
  else {
    failed++;
    if (known?.kind === 'fault' && differs) {
      faults.set(known.reason, [...(faults.get(known.reason) ?? []), `${name}, ${depth}`]);
      if (values.faults !== true) return;
    }
    console.log(`\n✘ ${name}, ${depth}`);
    if (differs) for (const line of lines) console.log(`   ${line}`);
    else console.log(`   no longer differs; its entry in known.ts has to go: ${known!.reason}`);
    console.log(
      `   alone: npm run same -- --ways=${one.way.name} --programs=${one.program.name} --nodes=${one.major} --depth=${depth}`,
    );
  }
}

/** As many at once as the machine has processors: each case is one process at a time. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const jobs = Number(values.jobs ?? availableParallelism());
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
