/** What is counted about the structure of the tree, and how much of it there may be. */

import { wideComments } from './comments.ts';
import { retiredNamesIn } from './declarations.ts';
import { floors } from './floors.ts';
import { circlesIn, importsOf, importsUpwards, isWithin } from './imports.ts';
import type { Occurrence } from './occurrence.ts';
import { functionsWithManyParameters } from './parameters.ts';
import { retiredNames } from './retired-names.ts';
import { isTable, longFiles } from './sizes.ts';
import type { SourceFile, SourceTree } from './source-tree.ts';

export interface Count {
  /** For `--only`. */
  readonly name: string;
  readonly what: string;
  /** At most so many. */
  readonly bound: number;
  occurrences(tree: SourceTree): Occurrence[];
}

const SOURCE_ROOMS = ['runtime', 'extension', 'media', 'bench', 'esbuild.mjs'];
const isSource = ({ path }: SourceFile): boolean => SOURCE_ROOMS.some((room) => isWithin(path, room));
const isTest = ({ path }: SourceFile): boolean => isWithin(path, 'test');

export const counts: readonly Count[] = [
  {
    name: 'circles',
    what: 'import circles, types included',
    bound: 0,
    occurrences: (tree) => circlesIn(importsOf(tree.filter(isOurs))),
  },
  {
    name: 'upwards',
    what: 'imports upwards',
    bound: 0,
    occurrences: (tree) => importsUpwards(tree.filter(isOurs), importsOf(tree.filter(isOurs)), floors),
  },
  {
    name: 'long-files',
    what: 'source files over 450 lines',
    bound: 0,
    occurrences: (tree) => longFiles(tree.filter(isSource), 450),
  },
  {
    name: 'long-tests',
    what: 'test files over 800 lines that are not one table',
    bound: 0,
    occurrences: (tree) =>
      longFiles(
        tree.filter((file) => isTest(file) && !isTable(file)),
        800,
      ),
  },
  {
    name: 'parameters',
    what: 'functions with six or more parameters',
    bound: 10,
    occurrences: (tree) => functionsWithManyParameters(tree.filter(isSource), 6),
  },
  {
    name: 'comments',
    what: 'comment lines over 100 columns',
    bound: 0,
    occurrences: (tree) => wideComments(tree, 100),
  },
  {
    name: 'names',
    what: 'declarations with a retired name',
    bound: 0,
    occurrences: (tree) => retiredNamesIn(tree.filter(isOurs), retiredNames),
  },
];

/** The programs that the tests trace import and name as they please: they are cases, not code. */
function isOurs({ path }: SourceFile): boolean {
  return !['test/programs', 'test/same/programs', 'test/corpus/programs'].some((room) =>
    isWithin(path, room),
  );
}
