/** Ways to start a program that need nothing but Node, and npm for two of them. */

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findProgram } from '../machine/find-program.ts';
import { npmLog, specDuration, testDuration, timerStart } from './normalise.ts';
import { formatOf, type Need, type Program } from './program.ts';
import type { Place, Way } from './way.ts';

const lacks = (program: Program, ...needs: readonly Need[]): boolean =>
  !needs.some((need) => program.needs.has(need));
const isCommonJs = (program: Program): boolean => formatOf(program) === 'cjs';
const isModule = (program: Program): boolean => formatOf(program) === 'mjs';
const isScript = (program: Program): boolean => isCommonJs(program) || isModule(program);
/** A program in a process of its own, whoever starts it. */
const asChild = (program: Program): boolean => isScript(program) && lacks(program, 'alone', 'runner');
const asText = (program: Program): boolean => asChild(program) && lacks(program, 'file');
const asThread = (program: Program): boolean => asChild(program) && lacks(program, 'main');

/** A program that starts another one, waits for its end and tells it. */
const starter = (place: Place, body: string): string =>
  place.write(
    'starter.mjs',
    `import { fork, spawn } from 'node:child_process';
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
const file = process.argv[2];
const tell = (child) => child.on('exit', (code, signal) => console.log('ended', code, signal ?? ''));
${body}
`,
  );
const started = (place: Place, body: string) => ({
  args: [...place.program.flags, starter(place, body), place.file],
});

const emptyMain = (place: Place): string => place.write('empty.cjs', '');

export const NODE_WAYS: readonly Way[] = [
  {
    name: 'node',
    what: 'node FILE',
    share: 'every',
    // Node 20 does not know types.
    takes: (program, major) =>
      lacks(program, 'runner', 'compiler') && (formatOf(program) !== 'ts' || major >= 22),
    start: ({ program, file }) => ({
      args: [...program.flags, file],
      compiles: formatOf(program) === 'ts',
    }),
  },
  {
    name: 'require',
    what: 'node -r FILE EMPTY',
    share: 'core',
    takes: (program) => isCommonJs(program) && asChild(program),
    start: (place) => ({ args: [...place.program.flags, '-r', place.file, emptyMain(place)] }),
  },
  {
    name: 'import',
    what: 'node --import FILE EMPTY',
    share: 'core',
    takes: asChild,
    start: (place) => ({
      args: [...place.program.flags, '--import', pathToFileURL(place.file).href, emptyMain(place)],
    }),
  },
  {
    name: 'eval',
    what: 'node -e TEXT',
    share: 'core',
    takes: asText,
    start: ({ program }) => ({ args: [...program.flags, ...inputType(program), '-e', program.source] }),
  },
  {
    name: 'print',
    what: 'node -p TEXT',
    share: 'core',
    takes: (program) => isCommonJs(program) && asText(program),
    start: ({ program }) => ({ args: [...program.flags, '-p', program.source] }),
    normalise: [timerStart],
  },
  {
    name: 'stdin',
    what: 'node - with the program on standard input',
    share: 'core',
    takes: asText,
    start: ({ program }) => ({
      args: [...program.flags, ...inputType(program), '-'],
      input: program.source,
    }),
  },
  {
    name: 'watch',
    what: 'node --watch FILE, ended when the program has run',
    share: 'core',
    takes: asChild,
    start: ({ program, file }) => ({
      args: [...program.flags, '--watch', file],
      until: /(?:Completed|Failed) running/,
    }),
  },
  {
    name: 'test',
    what: 'node --test FILE',
    share: 'every',
    takes: (program) => program.needs.has('runner'),
    start: (place) => ({ args: ['--test', nodeTest(place)] }),
    normalise: [testDuration, specDuration],
  },
  {
    name: 'test-unisolated',
    what: 'node --test --test-isolation=none FILE',
    nodes: [24, 26],
    share: 'every',
    takes: (program) => program.needs.has('runner'),
    start: (place) => ({ args: ['--test', '--test-isolation=none', nodeTest(place)] }),
    normalise: [testDuration, specDuration],
  },
  {
    name: 'npm-script',
    what: 'npm run start',
    share: 'core',
    takes: asChild,
    start: (place) => {
      place.write(
        'package.json',
        JSON.stringify({ name: 'program', scripts: { start: `node ${flagsOf(place)}${place.file}` } }),
      );
      return { args: [npmScript('npm-cli.js'), 'run', 'start'], env: withNode(place) };
    },
    normalise: [npmLog],
  },
  {
    name: 'npx',
    what: 'npx PROGRAM, a package of the folder',
    share: 'core',
    takes: (program) => asChild(program) && program.flags.length === 0,
    start: (place) => {
      place.write('package.json', JSON.stringify({ name: 'program', version: '1.0.0' }));
      place.write('node_modules/.bin/program', `#!/bin/sh\nexec node ${place.file}\n`);
      return { args: [npmScript('npx-cli.js'), '--offline', 'program'], env: withNode(place) };
    },
    normalise: [npmLog],
  },
  {
    name: 'source-maps',
    what: 'node --enable-source-maps FILE',
    share: 'core',
    takes: asChild,
    start: ({ program, file }) => ({ args: [...program.flags, '--enable-source-maps', file] }),
  },
  {
    name: 'permission',
    what: 'node --permission, everything allowed that can be',
    nodes: [20, 22, 24, 26],
    share: 'core',
    takes: asChild,
    start: ({ program, file, major }) => ({
      args: [
        ...program.flags,
        ...permissionFlags(major),
        '--allow-fs-write=*',
        '--allow-worker',
        '--allow-child-process',
        file,
      ],
    }),
  },
  {
    name: 'permission-read',
    what: 'node --permission, files may be read only',
    share: 'core',
    takes: (program) => asChild(program) && lacks(program, 'main'),
    start: ({ program, file, major }) => ({ args: [...program.flags, ...permissionFlags(major), file] }),
  },
  {
    name: 'frozen-intrinsics',
    what: 'node --frozen-intrinsics FILE',
    share: 'core',
    takes: asChild,
    start: ({ program, file }) => ({ args: [...program.flags, '--frozen-intrinsics', file] }),
  },
  {
    name: 'worker-file',
    what: 'new Worker(FILE)',
    share: 'core',
    takes: asThread,
    start: (place) =>
      started(
        place,
        `const worker = new Worker(file);\nworker.on('error', (error) => console.log('error', error?.stack ?? error));\ntell(worker);`,
      ),
  },
  {
    name: 'worker-eval',
    what: 'new Worker(TEXT, { eval: true })',
    share: 'core',
    takes: (program) => isCommonJs(program) && asThread(program) && asText(program),
    start: (place) =>
      started(
        place,
        `const worker = new Worker(readFileSync(file, 'utf8'), { eval: true });\nworker.on('error', (error) => console.log('error', error?.stack ?? error));\ntell(worker);`,
      ),
  },
  {
    name: 'worker-data',
    what: "new Worker(new URL('data:text/javascript,TEXT'))",
    share: 'core',
    takes: (program) => isModule(program) && asThread(program) && asText(program),
    start: (place) =>
      started(
        place,
        `const url = new URL('data:text/javascript,' + encodeURIComponent(readFileSync(file, 'utf8')));\nconst worker = new Worker(url);\nworker.on('error', (error) => console.log('error', error?.stack ?? error));\ntell(worker);`,
      ),
  },
  {
    name: 'fork',
    what: 'child_process.fork(FILE)',
    share: 'core',
    takes: asChild,
    start: (place) => started(place, 'tell(fork(file));'),
  },
  {
    name: 'spawn-empty',
    what: 'spawn(node, [FILE], { env: {} })',
    share: 'core',
    takes: asChild,
    start: (place) =>
      started(
        place,
        `tell(spawn(process.execPath, [...process.execArgv, file], { env: {}, stdio: 'inherit' }));`,
      ),
  },
  {
    name: 'spawn-cleared',
    what: "spawn(node, [FILE], { env: { …, NODE_OPTIONS: '' } })",
    share: 'core',
    takes: asChild,
    start: (place) =>
      started(
        place,
        `tell(spawn(process.execPath, [...process.execArgv, file], { env: { ...process.env, NODE_OPTIONS: '' }, stdio: 'inherit' }));`,
      ),
  },
  {
    name: 'cluster',
    what: 'a worker process of cluster',
    share: 'core',
    takes: asChild,
    // A worker of cluster holds its channel and does not end by itself.
    start: (place) =>
      started(
        place,
        `cluster.setupPrimary({ exec: file });\nconst worker = cluster.fork();\ntell(worker);\n// One that has ended already hears of nothing.\nworker.on('error', () => {});\nworker.on('online', () => worker.disconnect());`,
      ),
  },
];

const flagsOf = ({ program }: Place): string => program.flags.map((flag) => `${flag} `).join('');
const inputType = (program: Program): readonly string[] => (isModule(program) ? ['--input-type=module'] : []);
const permissionFlags = (major: number): readonly string[] => [
  major === 20 ? '--experimental-permission' : '--permission',
  '--allow-fs-read=*',
];

const nodeTest = (place: Place): string =>
  place.write(
    'same.test.mjs',
    place.program.source.replace(
      /^.*/,
      `import { test } from 'node:test'; import assert from 'node:assert/strict';`,
    ),
  );

/** npm's own scripts, run by the Node that is looked at. */
function npmScript(name: 'npm-cli.js' | 'npx-cli.js'): string {
  const npm = findProgram(['npm']);
  const places = [
    ...(npm === undefined ? [] : [join(dirname(realpathSync(npm)), name)]),
    join(dirname(process.execPath), '../lib/node_modules/npm/bin', name),
  ];
  const found = places.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no ${name} beside npm or Node`);
  return found;
}

/** `node` in a script is the Node that is looked at. npm looks for no newer version of itself. */
const withNode = (place: Place): Record<string, string> => ({
  PATH: `${dirname(place.node)}:${process.env['PATH'] ?? ''}`,
  npm_config_update_notifier: 'false',
});
