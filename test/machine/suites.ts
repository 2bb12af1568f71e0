/** The table of suites: what each holds, what it needs and how long it may take. */

import { runHostSuite } from '../host/host-suite.ts';
import { findChromium } from './chromium.ts';
import { extensionPackage } from './extension-package.ts';
import { runMochaSuite, testFiles } from './mocha-suite.ts';
import { nodeEnvironment } from './node-binaries.ts';
import type { Tally } from './results.ts';
import { servedVSCode } from './served-vscode.ts';

export interface SuiteOptions {
  /** Only the tests whose titles match. */
  readonly grep: string | undefined;
  /** The rest of the whole run's time. A suite ends by then, and by its own bound. */
  readonly leftMs: number;
}

export interface Suite {
  readonly name: string;
  readonly what: string;
  /** It runs only when it is named: it takes long, or what it needs is not on every machine. */
  readonly byName?: true;
  run(options: SuiteOptions): Promise<Tally>;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** The test files that run on Node 20, 22 and 24. */
const ON_EACH_NODE: readonly string[] = ['programs.test.js', 'agent/node/library.test.js'];

/** The folder of the tests of the agent for Python. */
const PYTHON = 'agent/python/';

export const SUITES: readonly Suite[] = [
  {
    name: 'unit',
    what: 'everything that needs only Node',
    run: ({ grep, leftMs }) =>
      runMochaSuite({
        name: 'unit',
        files: testFiles(
          (path) =>
            !/^(host|browser|hostile|same)\//.test(path) &&
            !path.startsWith(PYTHON) &&
            !ON_EACH_NODE.includes(path),
        ),
        env: {},
        boundMs: Math.min(12 * MINUTE_MS, leftMs),
        testTimeoutMs: 10 * SECOND_MS,
        grep,
      }),
  },
  {
    name: 'python',
    what: 'Python programs, traced and untraced, on the python3 of this machine',
    run: ({ grep, leftMs }) =>
      runMochaSuite({
        name: 'python',
        files: testFiles((path) => path.startsWith(PYTHON)),
        env: {},
        boundMs: Math.min(8 * MINUTE_MS, leftMs),
        testTimeoutMs: 20 * SECOND_MS,
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
        boundMs: Math.min(9 * MINUTE_MS, leftMs),
        testTimeoutMs: 30 * SECOND_MS,
        grep,
      }),
  },
  {
    name: 'hostile',
    what: 'programs that start where something is refused, on Node 14 to 24',
    byName: true,
    run: async ({ grep, leftMs }) =>
      runMochaSuite({
        name: 'hostile',
        files: testFiles((path) => path.startsWith('hostile/')),
        env: await nodeEnvironment([14, 16, 20, 22, 24]),
        boundMs: Math.min(5 * MINUTE_MS, leftMs),
        testTimeoutMs: MINUTE_MS,
        grep,
      }),
  },
  {
    name: 'same',
    what: 'a sample of `npm run same`: programs in many ways, untraced and traced',
    run: ({ grep, leftMs }) =>
      runMochaSuite({
        name: 'same',
        files: testFiles((path) => path.startsWith('same/')),
        env: {},
        boundMs: Math.min(4 * MINUTE_MS, leftMs),
        testTimeoutMs: 60 * SECOND_MS,
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
        boundMs: Math.min(7 * MINUTE_MS, leftMs),
        testTimeoutMs: 30 * SECOND_MS,
        grep,
      }),
  },
  {
    name: 'host',
    what: 'inside the extension host of a real VS Code, with the packaged extension',
    run: ({ grep, leftMs }) => runHostSuite(grep, Math.min(7 * MINUTE_MS, leftMs)),
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
        boundMs: Math.min(11 * MINUTE_MS, leftMs),
        testTimeoutMs: 2 * MINUTE_MS,
        grep,
      }),
  },
  {
    name: 'ways',
    what: 'each way into a trace in a window and profile of its own: clicks and seconds',
    byName: true,
    run: async ({ grep, leftMs }) =>
      runMochaSuite({
        name: 'ways',
        files: testFiles((path) => path.startsWith('host/ways/')),
        env: {
          SIMUL_VSIX: await extensionPackage(),
          SIMUL_CHROMIUM: await findChromium(),
          SIMUL_SERVED_VSCODE: JSON.stringify(await servedVSCode()),
        },
        boundMs: Math.min(12 * MINUTE_MS, leftMs),
        testTimeoutMs: 2 * MINUTE_MS,
        grep,
      }),
  },
];
