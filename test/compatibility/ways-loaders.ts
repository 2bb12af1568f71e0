/** Programs that Node, tsx or ts-node runs as they are written. */
import { jobsText, type ProgramOptions, programText } from './program.ts';
import type { Project } from './project.ts';
import type { Way } from './way.ts';

interface Loader {
  readonly name: string;
  readonly program: ProgramOptions;
  readonly from?: Way['from'];
  /** Without the entry. */
  flags(project: Project): readonly string[];
}

const URL_OF_JOBS = "new URL('./jobs.js', import.meta.url)";
const typed: ProgramOptions = { language: 'ts', modules: 'esm', jobs: './jobs.js', door: URL_OF_JOBS };
const typedCommonJs: ProgramOptions = {
  language: 'ts',
  modules: 'commonjs',
  jobs: './jobs',
  door: "__dirname + '/jobs.ts'",
};
const TSCONFIG = (module: string): string =>
  JSON.stringify({
    compilerOptions: { module, target: 'es2022', esModuleInterop: true, skipLibCheck: true },
  });

const LOADERS: readonly Loader[] = [
  {
    name: 'Node, ESM',
    program: { language: 'js', modules: 'esm', jobs: './jobs.js', door: URL_OF_JOBS },
    flags: () => [],
  },
  {
    name: 'Node, CommonJS',
    program: { language: 'js', modules: 'commonjs', jobs: './jobs.js', door: "__dirname + '/jobs.js'" },
    flags: () => [],
  },
  {
    name: 'Node, TypeScript',
    program: { ...typed, jobs: './jobs.ts', door: "new URL('./jobs.ts', import.meta.url)" },
    // It strips types without a flag from 22.18 on.
    from: 22,
    flags: () => [],
  },
  { name: 'tsx FILE', program: typed, flags: (project) => [project.tool('tsx/dist/cli.mjs')] },
  { name: 'node --import tsx', program: typed, flags: () => ['--import', 'tsx'] },
  {
    name: 'tsx, CommonJS',
    program: typedCommonJs,
    flags: (project) => [project.tool('tsx/dist/cli.mjs')],
  },
  {
    name: 'ts-node, ESM',
    program: typed,
    flags: () => ['--no-warnings', '--loader', 'ts-node/esm/transpile-only'],
  },
  {
    name: 'ts-node, CommonJS',
    program: typedCommonJs,
    flags: (project) => [project.tool('ts-node/dist/bin.js'), '-T'],
  },
  {
    name: 'node -r ts-node/register',
    program: typedCommonJs,
    flags: () => ['-r', 'ts-node/register/transpile-only'],
  },
];

export const loaderWays: readonly Way[] = LOADERS.map(({ name, program, from, flags }) => {
  const { language, modules } = program;
  return {
    name,
    ...(from === undefined ? {} : { from }),
    files: {
      'package.json': `{ "type": "${modules === 'esm' ? 'module' : 'commonjs'}" }`,
      'tsconfig.json': TSCONFIG(modules === 'esm' ? 'nodenext' : 'commonjs'),
      [`main.${language}`]: programText(program),
      [`jobs.${language}`]: jobsText(program),
    },
    run: (project, node) => project.answers(node, [...flags(project), `main.${language}`]),
  } satisfies Way;
});

/** The library as pnpm links it: in a store, outside the folder in which the program finds it. */
export const pnpmWay: Way = {
  name: 'pnpm’s layout',
  files: {
    'package.json': '{ "type": "module", "dependencies": { "simul": "file:library" } }',
    'main.js': programText(LOADERS[0]!.program),
    'jobs.js': jobsText(LOADERS[0]!.program),
  },
  async build(project) {
    project.moveLibrary('library');
    const flags = ['install', '--ignore-scripts', '--offline', '--store-dir', 'store'];
    await project.run(process.execPath, [project.tool('pnpm/bin/pnpm.mjs'), ...flags]);
  },
  run: (project, node) => project.answers(node, ['main.js']),
};
