/** Ways to run TypeScript. The tools themselves are traced, as Node processes are. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatOf, type Program } from './program.ts';
import type { Place, Start, Way } from './way.ts';
import { hooksThreadWarning } from './normalise.ts';

const isTypes = (program: Program): boolean => formatOf(program) === 'ts' && !program.needs.has('runner');
const inModules = (place: Place): void => void place.write('package.json', '{"type":"module"}');
const inCommonJs = (place: Place): void => void place.write('package.json', '{"type":"commonjs"}');

interface Row {
  readonly name: string;
  readonly what: string;
  readonly modules: 'cjs' | 'esm';
  readonly nodes?: Way['nodes'];
  readonly args: (place: Place) => readonly string[];
  readonly env?: Start['env'];
  readonly normalise?: Way['normalise'];
  /** Programs that this compiler does not run untraced. */
  readonly refuses?: RegExp;
}

const rows: readonly Row[] = [
  {
    name: 'tsx',
    what: 'tsx FILE',
    modules: 'esm',
    args: ({ modules, file }) => [join(modules, 'tsx/dist/cli.mjs'), file],
  },
  {
    name: 'tsx-cjs',
    what: 'tsx FILE, in a package of CommonJS',
    modules: 'cjs',
    args: ({ modules, file }) => [join(modules, 'tsx/dist/cli.mjs'), file],
  },
  {
    name: 'tsx-import',
    what: 'node --import tsx FILE',
    modules: 'esm',
    args: ({ file }) => ['--import', 'tsx', file],
  },
  {
    name: 'ts-node',
    what: 'ts-node FILE',
    modules: 'cjs',
    args: ({ modules, file }) => [join(modules, 'ts-node/dist/bin.js'), file],
  },
  {
    name: 'ts-node-register',
    what: 'node -r ts-node/register/transpile-only FILE',
    modules: 'cjs',
    args: ({ file }) => ['-r', 'ts-node/register/transpile-only', file],
  },
  {
    name: 'ts-node-loader',
    what: 'node --loader ts-node/esm FILE',
    modules: 'esm',
    args: ({ file }) => ['--loader', 'ts-node/esm/transpile-only', file],
  },
  {
    name: 'ts-node-esm',
    what: 'ts-node/esm by module.register',
    modules: 'esm',
    args: (place) => ['--import', pathToFileURL(registerTsNode(place)).href, place.file],
    normalise: [hooksThreadWarning],
  },
  {
    name: 'swc-node',
    what: 'node -r @swc-node/register FILE',
    modules: 'cjs',
    args: ({ file }) => ['-r', '@swc-node/register', file],
  },
  {
    name: 'swc-node-esm',
    what: 'node --import @swc-node/register/esm-register FILE',
    modules: 'esm',
    args: ({ file }) => ['--import', '@swc-node/register/esm-register', file],
  },
  {
    name: 'esbuild-register',
    what: 'node -r esbuild-register FILE',
    modules: 'cjs',
    args: ({ file }) => ['-r', 'esbuild-register', file],
  },
  {
    name: 'sucrase',
    what: 'node -r sucrase/register FILE',
    modules: 'cjs',
    args: ({ file }) => ['-r', 'sucrase/register', file],
  },
];

const registerTsNode = (place: Place): string =>
  place.write(
    'register.mjs',
    `import { register } from 'node:module';\nregister('ts-node/esm/transpile-only', import.meta.url);\n`,
  );

export const TYPESCRIPT_WAYS: readonly Way[] = rows.map((row) => ({
  name: row.name,
  what: row.what,
  packages: 'typescript',
  share: 'every',
  ...(row.nodes === undefined ? {} : { nodes: row.nodes }),
  ...(row.normalise === undefined ? {} : { normalise: row.normalise }),
  takes: (program) => isTypes(program) && row.refuses?.test(program.name) !== true,
  start: (place) => {
    (row.modules === 'esm' ? inModules : inCommonJs)(place);
    return { args: [...place.program.flags, ...row.args(place)], ...(row.env ? { env: row.env } : {}) };
  },
}));
