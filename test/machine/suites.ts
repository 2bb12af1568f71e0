/** The suites, as a table: what each holds, what it needs and how long it may take. */

import { runHostSuite } from '../host/host-suite.ts';
import { findChromium } from './chromium.ts';
import { extensionPackage } from './extension.ts';
import { runMochaSuite, testFiles } from './mocha-suite.ts';
import { nodeEnvironment } from './node.ts';
import type { Tally } from './results.ts';
import { servedVSCode } from './vscode.ts';

export interface SuiteOrder {
  /** Only the tests whose titles match. */
  readonly grep: string | undefined;
  /** What is left of the whole run's time; a suite takes no more than that, nor than its own bound. */
  readonly leftMs: number;
}

export interface Suite {
  readonly name: string;
  readonly what: string;
  run(order: SuiteOrder): Promise<Tally>;
}

const second = 1000;
const minute = 60 * second;

/** What is run on Node 20, 22 and 24. */
const ON_EACH_NODE: readonly string[] = ['programs.test.js', 'agent/node/library.test.js'];

export const suites: readonly Suite[] = [
  {
    name: 'unit',
    what: 'everything that needs only Node',
    run: ({ grep, leftMs }) =>
      runMochaSuite({
        name: 'unit',
        files: testFiles((path) => !/^(host|browser)\//.test(path) && !ON_EACH_NODE.includes(path)),
        env: {},
        boundMs: Math.min(5 * minute, leftMs),
        testTimeoutMs: 10 * second,
        grep,
      }),
  },
  {
    name: 'programs',
    what: 'small programs, traced and untraced, on Node 20, 22 and 24',
    run: async ({ grep, leftMs }) =>
      runMochaSuite({
        name: 'programs',
        files: testFiles((path) => ON_EACH_NODE.includes(path)),
        env: await nodeEnvironment(),
        boundMs: Math.min(6 * minute, leftMs),
        testTimeoutMs: 30 * second,
        grep,
      }),
  },
  {
    name: 'browser',
    what: 'the panel in a real Chromium',
    run: async ({ grep, leftMs }) =>
      runMochaSuite({
        name: 'browser',
        files: testFiles((path) => path.startsWith('browser/')),
        env: { SIMUL_CHROMIUM: await findChromium() },
        boundMs: Math.min(5 * minute, leftMs),
        testTimeoutMs: 30 * second,
        grep,
      }),
  },
  {
    name: 'host',
    what: 'inside the extension host of a real VS Code, with the packaged extension',
    run: ({ grep, leftMs }) => runHostSuite(grep, Math.min(5 * minute, leftMs)),
  },
  {
    name: 'workbench',
    what: 'the workbench of a real VS Code, driven from outside, with the packaged extension installed',
    run: async ({ grep, leftMs }) =>
      runMochaSuite({
        name: 'workbench',
        files: testFiles((path) => path.startsWith('host/workbench/')),
        env: {
          SIMUL_VSIX: await extensionPackage(),
          SIMUL_CHROMIUM: await findChromium(),
          SIMUL_SERVED_VSCODE: JSON.stringify(await servedVSCode()),
        },
        boundMs: Math.min(6 * minute, leftMs),
        testTimeoutMs: 2 * minute,
        grep,
      }),
  },
];
