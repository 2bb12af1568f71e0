/**
 * What is known to differ, each with its reason. An entry that no longer differs fails the suite:
 * it has to go.
 *
 * A `promise` is a difference that README.md tells ("what it changes"). A `fault` is one to be
 * mended: `npm run same` counts it as failed, the sample in `npm test` asserts that it still is
 * there.
 */

import type { NodeMajor } from '../machine/node-binaries.ts';

export interface Known {
  readonly kind: 'promise' | 'fault';
  readonly reason: string;
  readonly programs: readonly string[];
  /** Absent: every way. */
  readonly ways?: readonly string[];
  /** Absent: every Node. */
  readonly nodes?: readonly NodeMajor[];
  /** Absent: both. */
  readonly depth?: 'full' | 'light';
}

export const KNOWN: readonly Known[] = [];

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
