/** The suites, as a table: what each holds, what it needs and how long it may take. */

import { runHostSuite } from '../host/host-suite.ts';
import { findChromium } from './chromium.ts';
import { extensionPackage } from './extension.ts';
import { runMochaSuite, testFiles } from './mocha-suite.ts';
import { nodeEnvironment } from './node.ts';
import type { Tally } from './results.ts';
import { servedVSCode } from './vscode.ts';

export interface Suite {
  readonly name: string;
  readonly what: string;
  run(grep: string | undefined): Promise<Tally>;
}

const second = 1000;
const minute = 60 * second;

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
        testTimeoutMs: 10 * second,
        grep,
      }),
  },
  {
    name: 'programs',
    what: 'small programs, traced and untraced, on Node 20, 22 and 24',
    run: async (grep) =>
      runMochaSuite({
        name: 'programs',
        files: testFiles((path) => path === 'programs.test.js'),
        env: await nodeEnvironment(),
        boundMs: 6 * minute,
        testTimeoutMs: 30 * second,
        grep,
      }),
  },
  {
    name: 'browser',
    what: 'the panel in a real Chromium',
    run: async (grep) =>
      runMochaSuite({
        name: 'browser',
        files: testFiles((path) => path.startsWith('browser/')),
        env: { SIMUL_CHROMIUM: await findChromium() },
        boundMs: 5 * minute,
        testTimeoutMs: 30 * second,
        grep,
      }),
  },
  {
    name: 'host',
    what: 'inside the extension host of a real VS Code, with the packaged extension',
    run: runHostSuite,
  },
  {
    name: 'workbench',
    what: 'the workbench of a real VS Code, driven from outside, with the packaged extension installed',
    run: async (grep) =>
      runMochaSuite({
        name: 'workbench',
        files: testFiles((path) => path.startsWith('host/workbench/')),
        env: {
          SIMUL_VSIX: await extensionPackage(),
          SIMUL_CHROMIUM: await findChromium(),
          SIMUL_SERVED_VSCODE: JSON.stringify(await servedVSCode()),
        },
        boundMs: 6 * minute,
        testTimeoutMs: 2 * minute,
        grep,
      }),
  },
];
