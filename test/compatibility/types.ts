/** How TypeScript resolves the library in each mode, and what two tools say of the package. */
import { PACKAGE, Project } from './project.ts';

export interface Check {
  readonly name: string;
  /** @throws Error with what is wrong. */
  run(tools: string): Promise<void>;
}

/** Uses each entry but `simul/frames`, whose peer is not installed. */
const PROGRAM = `
import { onSignal, Pool, Queue, run, sleep, workerModule } from 'simul';
import { readTraceJson } from 'simul/trace';
const jobs = workerModule<{ hash(n: number): number; salt: string }>('/jobs.js');
export const hashes = (pool: Pool): PromiseLike<number[]> => pool.map(jobs.hash, [1]);
export const queue = new Queue<number>({ capacity: 1 });
export const off: () => void = onSignal('SIGINT', (signal) => signal);
export const read: Function = readTraceJson;
// @ts-expect-error only functions are members
export const salt = jobs.salt;
void run(async () => { await sleep(1); });
`;

const MODES: readonly (readonly [name: string, file: string, ...options: string[]])[] = [
  ['node10', 'program.ts', '--module', 'commonjs', '--moduleResolution', 'node10'],
  ['node16, ESM', 'program.mts', '--module', 'node16'],
  ['node16, CommonJS', 'program.cts', '--module', 'node16'],
  ['nodenext, ESM', 'program.mts', '--module', 'nodenext'],
  ['nodenext, CommonJS', 'program.cts', '--module', 'nodenext'],
  ['bundler', 'program.ts', '--module', 'esnext', '--moduleResolution', 'bundler'],
];

const LIBS: readonly (readonly [name: string, ...options: string[]])[] = [
  ['lib es2022 alone', '--lib', 'es2022', '--typeRoots', './none'],
  ['lib es2022 and dom', '--lib', 'es2022,dom', '--typeRoots', './none'],
  [
    'lib esnext and @types/node',
    '--lib',
    'esnext',
    '--types',
    'node',
    '--typeRoots',
    '../node_modules/@types',
  ],
];

const resolutionChecks: readonly Check[] = MODES.flatMap(([mode, file, ...options]) =>
  LIBS.map(([lib, ...libOptions]) => ({
    name: `TypeScript 5.9, ${mode}, ${lib}`,
    async run(tools: string) {
      const project = new Project(tools, { [file]: PROGRAM });
      try {
        const args = ['--noEmit', '--strict', '--target', 'es2022', ...options, ...libOptions, file];
        await project.run(process.execPath, [project.tool('typescript/bin/tsc'), ...args]);
      } finally {
        project.remove();
      }
    },
  })),
);

export const checks: readonly Check[] = [
  ...resolutionChecks,
  {
    name: 'publint',
    async run(tools) {
      await inProject(tools, (project) =>
        project.run(process.execPath, [project.tool('publint/src/cli.js'), '--level', 'warning', PACKAGE]),
      );
    },
  },
  {
    name: '@arethetypeswrong/cli',
    async run(tools) {
      await inProject(tools, async (project) => {
        await project.run('npm', ['pack', '--silent', '--ignore-scripts', PACKAGE]);
        const { version } = project.manifest('node_modules/simul');
        const script = project.tool('@arethetypeswrong/cli/dist/index.js');
        await project.run(process.execPath, [script, `simul-${version}.tgz`]);
      });
    },
  },
];

async function inProject(tools: string, use: (project: Project) => Promise<unknown>): Promise<void> {
  const project = new Project(tools, {});
  try {
    await use(project);
  } finally {
    project.remove();
  }
}
