/** Which program is started in which way on which Node: the cases of a run. */

import type { NodeMajor } from '../machine/node-binaries.ts';
import type { Program } from './program.ts';
import type { Way } from './way.ts';

/** `generators`: full depth, and generators on request; of programs that hold some. */
export type Depth = 'full' | 'light' | 'generators';
export const MAJORS: readonly NodeMajor[] = [20, 22, 24, 26];
export const DEPTHS: readonly Depth[] = ['full', 'light', 'generators'];

/** A program in a way on a Node: one run untraced, and one traced for each depth. */
export interface Case {
  readonly way: Way;
  readonly program: Program;
  readonly major: NodeMajor;
}

export interface Choice {
  readonly ways: readonly Way[];
  readonly programs: readonly Program[];
  readonly majors: readonly NodeMajor[];
  /** Each way runs every program that it takes, and not only the core. */
  readonly isWhole: boolean;
}

export function casesOf({ ways, programs, majors, isWhole }: Choice): Case[] {
  return majors.flatMap((major) =>
    ways
      .filter(({ nodes }) => nodes?.includes(major) ?? true)
      .flatMap((way) =>
        programs
          .filter((program) => major >= program.minNode && major <= program.maxNode)
          .filter((program) => way.takes(program, major))
          .filter((program) => isWhole || way.share === 'every' || program.isCore)
          .map((program) => ({ way, program, major })),
      ),
  );
}

/** In which depths a program is traced. */
export const depthsOf = ({ source }: Program, depths: readonly Depth[]): Depth[] =>
  depths.filter((depth) => depth !== 'generators' || /\byield\b/.test(source));

/** Every program and way that a list of words with `*` names; an empty list names all. */
export function named<T extends { readonly name: string }>(all: readonly T[], words: readonly string[]): T[] {
  if (words.length === 0) return [...all];
  const patterns = words.map((word) => {
    const source = word.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${source}$`);
  });
  patterns.forEach((pattern, index) => {
    if (!all.some(({ name }) => pattern.test(name))) throw new Error(`nothing is named ${words[index]}`);
  });
  return all.filter(({ name }) => patterns.some((pattern) => pattern.test(name)));
}
