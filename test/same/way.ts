/** A way to start a program, and what it is given for that. */

import type { NodeMajor } from '../machine/node-binaries.ts';
import type { Normalisation } from './normalise.ts';
import type { PackageGroup } from './packages.ts';
import type { Program } from './program.ts';

export interface Way {
  readonly name: string;
  readonly what: string;
  /** Absent: each Node. */
  readonly nodes?: readonly NodeMajor[];
  /** Absent: nothing but Node, and npm for npm's ways. */
  readonly packages?: PackageGroup;
  /** Which programs it runs: every one that it takes, or only those marked `core`. */
  readonly share: 'every' | 'core';
  takes(program: Program, major: NodeMajor): boolean;
  start(place: Place): Start;
  readonly normalise?: readonly Normalisation[];
}

export interface Place {
  readonly node: string;
  readonly major: NodeMajor;
  readonly program: Program;
  /** The program's own folder, in which it and its way's files lie. */
  readonly folder: string;
  /** The program's file. */
  readonly file: string;
  /** The packages of the way, as `node_modules` above the folder; '' without packages. */
  readonly modules: string;
  /** Writes a file beside the program's and returns its path. */
  write(name: string, text: string): string;
}

export interface Start {
  readonly args: readonly string[];
  /** Variables to add. */
  readonly env?: Readonly<Record<string, string>>;
  /** The person asked for this file, and nobody but Node or the agent takes its types out. */
  readonly compiles?: boolean;
  /** For standard input; absent: it is closed. */
  readonly input?: string;
  /** The program is ended with SIGTERM when its output matches. */
  readonly until?: RegExp;
}
