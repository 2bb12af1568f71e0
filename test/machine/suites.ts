/** The suites, as a table: what each holds, what it needs and how long it may take. */

import { runMochaSuite, testFiles } from './mocha-suite.ts';
import type { Tally } from './results.ts';

export interface Suite {
  readonly name: string;
  readonly what: string;
  run(grep: string | undefined): Promise<Tally>;
}

const minute = 60_000;

export const suites: readonly Suite[] = [
  {
    name: 'unit',
    what: 'everything that needs only Node',
    run: (grep) =>
      runMochaSuite({
        name: 'unit',
        files: testFiles((path) => !/^(host|browser)\//.test(path) && path !== 'programs.test.js'),
        env: {},
        boundMs: 5 * minute,
        testTimeoutMs: 10_000,
        grep,
      }),
  },
];
