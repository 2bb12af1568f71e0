/**
 * Test suites of other people's packages, which are run untraced and traced: the results must be
 * the same. Nothing of them is committed here. A person checks the repositories out by hand, each
 * into a folder of this name:
 *
 *   git clone https://github.com/REPOSITORY FOLDER/NAME && git -C FOLDER/NAME checkout COMMIT
 */
export interface Suite {
  readonly name: string;
  /** On GitHub. */
  readonly repository: string;
  readonly commit: string;
  /** Shell commands, run once in the checkout. */
  readonly install: string;
  /** A shell command that runs tests and nothing else. */
  readonly test: string;
  readonly reads: Reader;
  /** The oldest Node that it runs on. */
  readonly since?: number;
  /** Why its own code is not seen into; absent: it must be. */
  readonly unseen?: string;
}

/** How its output tells how many tests passed and failed. */
export type Reader = 'mocha' | 'ava' | 'tap' | 'jest' | 'vitest' | 'node-test';

const NPM = 'npm install --no-audit --no-fund --ignore-scripts';

export const suites: readonly Suite[] = [
  {
    name: 'async-mutex',
    repository: 'DirtyHairy/async-mutex',
    commit: 'b0bb4c5aa0e42eb5ffc8d9342e56bb6de1b95554',
    install: NPM,
    test: 'npx mocha "test/*.ts"',
    reads: 'mocha',
  },
  {
    name: 'p-limit',
    repository: 'sindresorhus/p-limit',
    commit: 'df476048d023ff868cd45b35ee47f5fb0ca2b25a',
    install: NPM,
    test: 'npx ava',
    reads: 'ava',
  },
  {
    name: 'readable-stream',
    repository: 'nodejs/readable-stream',
    commit: '88df21041dc26c210fab3e074ab6bb681a604b8e',
    install: NPM,
    test: 'npx tap --rcfile=./tap.yml --no-coverage "test/parallel/test-*.js" "test/ours/test-*.js"',
    reads: 'tap',
  },
  {
    name: 'piscina',
    repository: 'piscinajs/piscina',
    commit: '4e9791fd46b61c638e7ad05f14ec4540d40898aa',
    install: `${NPM} && npx tsc`,
    test: 'npx tap --no-coverage',
    reads: 'tap',
  },
  {
    name: 'dataloader',
    repository: 'graphql/dataloader',
    commit: 'b70dea3cc72a7e8f941133b0f486aa1840e3f927',
    install: NPM,
    test: 'npx jest src',
    reads: 'jest',
  },
];
