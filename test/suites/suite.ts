/** A test suite of somebody else's package, and how it is run. */
import type { NodeMajor } from '../machine/node-binaries.ts';

export interface Suite {
  readonly name: string;
  /** Where it comes from: a repository on GitHub, or a project of ours, copied into FOLDER. */
  readonly from: { readonly repository: string; readonly commit: string } | { readonly project: string };
  /** Of FOLDER; absent: its name. */
  readonly folder?: string;
  /** Shell commands, run once in the checkout. */
  readonly install: string;
  /** A shell command that runs tests and nothing else. */
  readonly test: string;
  readonly reads: Reader;
  /** Begins the path of its own code in the checkout, its tests left out. */
  readonly source: RegExp;
  /** Programs that have to be on the machine. */
  readonly needs?: readonly string[];
  /** What runs it; absent: Node. Python is the `python3` that its folder `.venv` was made with. */
  readonly language?: 'python';
  /** The Node that runs it; absent: 20. */
  readonly node?: NodeMajor;
  /**
   * Why its own code has no row in the trace; absent: it must have, or the trace has to name a file
   * of it and say why not.
   */
  readonly unseen?: string;
  /** Tests that the command leaves out, and why. */
  readonly leavesOut?: string;
}

/**
 * How its output tells how many tests passed and failed. `tap-lines`: a line a test, those within
 * others too; `answers`: a line a request, with its answer; `pytest`: a line a test (`-rA`).
 */
export type Reader = 'mocha' | 'ava' | 'tap-lines' | 'answers' | 'jest' | 'vitest' | 'node-test' | 'pytest';
