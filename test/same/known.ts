/**
 * What is known to differ, each with its reason. An entry that no longer differs fails the suite:
 * it has to go.
 *
 * A `promise` is a difference that README.md tells ("what it changes"). A `fault` is one to be
 * mended: `npm run same` counts it as failed; the sample in `npm test` asserts that it is still
 * there.
 */

import type { NodeMajor } from '../machine/node-binaries.ts';
import { FAULTS } from './known-faults.cases.ts';
import type { Known } from './known-difference.ts';
import type { Outcome } from './run.ts';

export const KNOWN: readonly Known[] = [
  ...FAULTS,
  {
    kind: 'promise',
    reason: "a helper thread writes the recording, so the program's first thread has the id 2",
    programs: ['handles/first-thread.cjs'],
    ways: ['node'],
  },
  {
    kind: 'promise',
    reason: 'NODE_OPTIONS and SIMUL_* are in the environment of the program',
    programs: ['globals/environment.mjs', 'io/child-environment.mjs'],
    ways: ['node'],
  },
  {
    kind: 'promise',
    reason: 'Error.prepareStackTrace is an accessor',
    programs: ['builtins/descriptors.cjs'],
    ways: ['node'],
  },
  {
    kind: 'promise',
    reason: '`simul trace FILE.ts` compiles as tsc does, also where Node strips types by itself',
    programs: ['typescript/type-imports.ts'],
    ways: ['node'],
    nodes: [22, 24, 26],
  },
  {
    kind: 'promise',
    reason: 'util.inspect shows that the functions of fs/promises are proxies',
    programs: ['builtins/promisify.cjs'],
    ways: ['node'],
    nodes: [26],
    depth: 'full',
  },
];

/** A difference in the text that Node writes, which many programs show. */
export interface KnownText {
  readonly reason: string;
  /** Absent: every Node. */
  readonly nodes?: readonly NodeMajor[];
  /** A program that shows it on each of the Nodes, started as `node FILE`. */
  readonly witness: string;
  /** Takes the difference out of both. */
  without(outcome: Outcome): Outcome;
}

export const KNOWN_TEXTS: readonly KnownText[] = [
  {
    reason: 'above a line of an ES module that ended a program, Node writes the path instead of the URL',
    witness: 'errors/throw-sync.mjs',
    without: (outcome) => ({
      ...outcome,
      stderr: outcome.stderr.replace(
        /^(Warning: Detected unsettled top-level await at )?(?:file:\/\/)?(\/.*:\d+\n.*\n *\^+\n)/m,
        '$1$2',
      ),
    }),
  },
  {
    reason: 'Node 20 writes one more blank line below an excerpt that it found through a source map',
    nodes: [20],
    witness: 'errors/throw-in-async.cjs',
    without: (outcome) => ({ ...outcome, stderr: outcome.stderr.replace(/(^ *\^+\n)\n\n+/m, '$1\n') }),
  },
  {
    reason: "the number of a rejection in Node's warnings is one higher",
    witness: 'unhandled/warn-error.cjs',
    without: (outcome) => ({
      ...outcome,
      stderr: outcome.stderr.replace(/\(rejection id: \d+\)/g, '(rejection id: N)'),
    }),
  },
];

export interface CaseName {
  readonly way: string;
  readonly program: string;
  readonly node: NodeMajor;
  readonly depth: 'full' | 'light';
}

export function knownDifference(name: CaseName, all: readonly Known[] = KNOWN): Known | undefined {
  return all.find(
    ({ programs, ways, nodes, depth }) =>
      programs.includes(name.program) &&
      (ways?.includes(name.way) ?? true) &&
      (nodes?.includes(name.node) ?? true) &&
      (depth === undefined || depth === name.depth),
  );
}
