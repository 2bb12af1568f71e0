/** Test runners. Each runs the same test bodies; its own `test` stands on their first line. */

import { join } from 'node:path';
import {
  avaTime,
  jestTime,
  mochaTotal,
  specDuration,
  tapTime,
  testDuration,
  vitestTime,
} from './normalise.ts';
import type { PackageGroup } from './packages.ts';
import type { Place, Start, Way } from './way.ts';

const ASSERT_CJS = `const assert = require('node:assert/strict');`;
const ASSERT_ESM = `import assert from 'node:assert/strict';`;

interface Row {
  readonly name: string;
  readonly what: string;
  readonly packages: PackageGroup;
  readonly nodes?: Way['nodes'];
  /** The name of the test file, and what stands on its first line. */
  readonly file: string;
  readonly header: string;
  readonly args: (place: Place, file: string) => readonly string[];
  readonly env?: Start['env'];
  readonly files?: Readonly<Record<string, string>>;
  readonly normalise: Way['normalise'];
}

const jest = (version: '29' | '30', name: string, isVm: boolean): Row => ({
  name,
  what: `jest ${version}${isVm ? ' with --experimental-vm-modules' : ''}`,
  packages: `jest-${version}`,
  file: isVm ? 'same.test.mjs' : 'same.test.cjs',
  header: isVm ? ASSERT_ESM : ASSERT_CJS,
  args: ({ modules }, file) => [
    ...(isVm ? ['--experimental-vm-modules'] : []),
    join(modules, 'jest/bin/jest.js'),
    '--runInBand',
    '--no-cache',
    '--ci',
    file,
  ],
  files: {
    'package.json': '{}',
    'jest.config.cjs': `module.exports = { testMatch: ['**/same.test.*'], transform: {}, moduleFileExtensions: ['js', 'cjs', 'mjs', 'json'], haste: { forceNodeFilesystemAPI: true }, watchman: false };`,
  },
  normalise: [jestTime, specDuration],
});

const vitest = (pool: 'forks' | 'threads' | 'vmThreads'): Row => ({
  name: `vitest-${pool}`,
  what: `vitest, pool ${pool}`,
  packages: 'vitest',
  file: 'same.test.mjs',
  header: `import { test } from 'vitest'; ${ASSERT_ESM}`,
  args: ({ modules }, file) => [
    join(modules, 'vitest/vitest.mjs'),
    'run',
    `--pool=${pool}`,
    '--no-color',
    '--root=.',
    file,
  ],
  files: { 'package.json': '{"type":"module"}' },
  normalise: [vitestTime],
});

const mochaArgs = ({ modules }: Place, file: string): readonly string[] => [
  join(modules, 'mocha/bin/mocha.js'),
  file,
];

const rows: readonly Row[] = [
  {
    name: 'mocha-cjs',
    what: 'mocha with a test file of CommonJS',
    packages: 'typescript',
    file: 'same.test.cjs',
    header: `const test = it; ${ASSERT_CJS}`,
    args: mochaArgs,
    normalise: [mochaTotal, specDuration],
  },
  {
    name: 'mocha-esm',
    what: 'mocha with a test file that is an ES module',
    packages: 'typescript',
    file: 'same.test.mjs',
    header: `const test = it; ${ASSERT_ESM}`,
    args: mochaArgs,
    normalise: [mochaTotal, specDuration],
  },
  {
    name: 'mocha-ts-node',
    what: 'mocha -r ts-node/register/transpile-only',
    packages: 'typescript',
    file: 'same.test.ts',
    header: `import assert from 'node:assert/strict'; declare const it: any; const test = it;`,
    args: (place, file) => [...mochaArgs(place, file), '-r', 'ts-node/register/transpile-only'],
    files: {
      'package.json': '{"type":"commonjs"}',
      'tsconfig.json': '{"compilerOptions":{"target":"es2022","module":"commonjs","esModuleInterop":true}}',
    },
    normalise: [mochaTotal, specDuration],
  },
  jest('29', 'jest-29', false),
  jest('30', 'jest-30', false),
  jest('30', 'jest-30-esm', true),
  vitest('forks'),
  vitest('threads'),
  vitest('vmThreads'),
  {
    name: 'ava',
    what: 'ava',
    packages: 'ava',
    file: 'same.test.mjs',
    header: `import ava from 'ava'; ${ASSERT_ESM} const test = (name, body) => ava.serial(name, async (t) => { await body(); t.pass(); });`,
    args: ({ modules }, file) => [join(modules, 'ava/entrypoints/cli.mjs'), file],
    files: { 'package.json': '{"type":"module"}', 'ava.config.mjs': 'export default { concurrency: 1 };' },
    normalise: [avaTime],
  },
  {
    name: 'tap',
    what: 'tap',
    packages: 'tap',
    file: 'same.test.mjs',
    header: `import { test as tap } from 'tap'; ${ASSERT_ESM} const test = (name, body) => tap(name, async (t) => { await body(); t.pass(); });`,
    args: ({ modules }, file) => [
      join(modules, '@tapjs/run/dist/esm/index.js'),
      'run',
      '--disable-coverage',
      '--allow-empty-coverage',
      '--jobs=1',
      '--reporter=tap',
      file,
    ],
    files: { 'package.json': '{"type":"module"}' },
    normalise: [tapTime, testDuration],
  },
];

export const RUNNER_WAYS: readonly Way[] = rows.map((row) => ({
  name: row.name,
  what: row.what,
  packages: row.packages,
  share: 'every',
  ...(row.nodes === undefined ? {} : { nodes: row.nodes }),
  takes: (program) => program.needs.has('runner'),
  start: (place) => {
    for (const [name, text] of Object.entries(row.files ?? {})) place.write(name, text);
    place.write(row.file, place.program.source.replace(/^.*/, row.header.replaceAll('$', '$$$$')));
    return { args: row.args(place, row.file), ...(row.env === undefined ? {} : { env: row.env }) };
  },
  normalise: row.normalise ?? [],
}));
