/** Runs a case untraced and traced, and says what differs. */

import { join } from 'node:path';
import { traceEnv } from '../../runtime/launch/start-trace.ts';
import type { NodeMajor } from '../machine/node-binaries.ts';
import { type Case, type Depth, depthsOf } from './cases.ts';
import { differences, normalisedOutcome } from './compare.ts';
import type { Known } from './known-difference.ts';
import { KNOWN_TEXTS, knownDifference } from './known.ts';
import { nativeAddress, warningPid } from './normalise.ts';
import { packagesOf } from './packages.ts';
import { fileNameOf, programOf, type Program } from './program.ts';
import { writeInto, type Project } from './project.ts';
import { run, type Outcome } from './run.ts';
import type { Way } from './way.ts';

export interface Finding {
  readonly name: string;
  readonly depth: Depth;
  /** What differs; none: nothing does. */
  readonly lines: readonly string[];
  readonly known: Known | undefined;
}

export interface Bench {
  readonly project: Project;
  readonly nodeOf: (major: NodeMajor) => string;
}

export const nameOf = ({ way, program, major }: Case): string =>
  `${program.name}, ${way.name}, Node ${major}`;

/** @returns a finding for each depth in which the program is traced. */
export async function check(bench: Bench, of: Case, depths: readonly Depth[]): Promise<Finding[]> {
  const untraced = await start(bench, of, null);
  const findings: Finding[] = [];
  const unexpected = ownFault(of, untraced);
  for (const depth of depthsOf(of.program, depths)) {
    const known = knownDifference({
      way: of.way.name,
      program: of.program.name,
      node: of.major,
      depth: depth === 'light' ? 'light' : 'full',
    });
    let lines = unexpected;
    if (lines.length === 0) {
      lines = unknownDifferences(of, untraced, await start(bench, of, depth));
      if (lines.length > 0) {
        const changed = differences(untraced, await start(bench, of, null));
        if (changed.length > 0) lines = ['untraced it differs from itself', ...changed];
      }
    }
    findings.push({ name: nameOf(of), depth, lines, known });
  }
  return findings;
}

/** What differs beside the texts that are known to, each of which has to differ for its witness. */
function unknownDifferences({ way, program, major }: Case, untraced: Outcome, traced: Outcome): string[] {
  let lines = differences(untraced, traced);
  let [before, after] = [untraced, traced];
  for (const { nodes, witness, reason, without } of KNOWN_TEXTS) {
    if (nodes?.includes(major) === false) continue;
    const rest = differences(without(before), without(after));
    const isWitness = way.name === 'node' && program.name === witness;
    if (rest.join() !== lines.join()) [before, after, lines] = [without(before), without(after), rest];
    else if (isWitness) return [`no longer differs; its entry in known.ts has to go: ${reason}`];
  }
  return lines;
}

/** A program that does not do what it is for shows nothing about tracing. */
function ownFault({ way, program }: Case, untraced: Outcome): string[] {
  const wanted = typeof program.ends === 'number' ? `status ${program.ends}` : program.ends;
  if (way.name !== 'node' || untraced.end === wanted) return [];
  return [`untraced it ended with ${untraced.end}, not with ${wanted}`, untraced.stderr.slice(0, 500)];
}

/** @param depth null: untraced */
async function start(
  { project, nodeOf }: Bench,
  { way, program, major }: Case,
  depth: Depth | null,
): Promise<Outcome> {
  const modules = way.packages === undefined ? '' : await packagesOf(way.packages);
  const folder = project.folderOf(way.name, program, modules);
  const node = nodeOf(major);
  const start = way.start({
    node,
    major,
    program,
    folder,
    file: join(folder, fileNameOf(program)),
    modules,
    write: (name, text) => writeInto(folder, name, text),
  });
  const env = { ...project.env, ...start.env };
  const outcome = await run(
    node,
    start,
    folder,
    depth === null
      ? env
      : traceEnv({
          env,
          recording: project.newRecording(),
          cache: project.cache,
          depth: depth === 'light' ? 'light' : 'full',
          generators: depth === 'generators',
          compiles: start.compiles === true,
        }),
  );
  return normalisedOutcome(outcome, [warningPid, nativeAddress, ...(way.normalise ?? [])]);
}

/**
 * Why a way does not run on a Node; undefined: it does. A way runs when it brings a program's
 * greeting to the output: a tool that fails the same way traced and untraced shows nothing.
 */
export async function obstacleOf(bench: Bench, way: Way, major: NodeMajor): Promise<string | undefined> {
  const program = GREETINGS.find((greeting) => way.takes(greeting, major));
  if (program === undefined) return 'it takes no program on this Node';
  try {
    const { stdout, stderr, end } = await start(bench, { way, program, major }, null);
    if (`${stdout}${stderr}`.includes('hello, world')) return undefined;
    return `${end}; ${`${stderr}\n${stdout}`.trim().split('\n').slice(0, 12).join(' | ').slice(0, 600)}`;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 600) : String(error);
  }
}

const GREETINGS: readonly Program[] = [
  programOf('greeting/hello.cjs', `console.log('hello, ' + 'world');\n`),
  programOf('greeting/hello.mjs', `console.log('hello, ' + 'world');\n`),
  programOf('greeting/hello.ts', `const name: string = 'world';\nconsole.log('hello, ' + name);\n`),
  programOf(
    'greeting/hello.js',
    `// same: needs=runner\ntest('hello', () => { console.log('hello, ' + 'world'); assert.ok(true); });\n`,
  ),
];
