/**
 * How some tests, or all tests of a file, are run: by vitest, jest, mocha or Node's own runner. The
 * runner is the one that the file imports, else the one that is installed and named by the package.
 * A runner is started by its own script: no shell, and no npx in between.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface TestTarget {
  /** Absolute. */
  readonly file: string;
  /** The text of the file. */
  readonly text: string;
  /** Which of its tests; empty: all. */
  readonly tests: readonly TitlePath[];
  /** Where the runner lists how each test ended; absent: nowhere. mocha lists nothing. */
  readonly reportFile?: string;
}

/** The titles of the groups around a test, the outermost first, and its own. */
export type TitlePath = readonly string[];

export interface TestCommand {
  readonly runner: RunnerName;
  /** The program and its arguments; the first is Node, or Python. */
  readonly args: readonly string[];
  readonly cwd: string;
}

export type RunnerName = 'vitest' | 'jest' | 'mocha' | 'node:test' | 'pytest' | 'unittest';

interface Runner {
  readonly name: RunnerName;
  /** What a file of its tests imports. */
  readonly imports: RegExp;
  args(target: TestTarget): readonly string[];
}

/** As a part of a regular expression that matches just this text. */
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As a regular expression that matches the full title of each. */
const anyOf = (tests: readonly TitlePath[]): string => {
  const titles = tests.map((titles) => escaped(titles.join(' ')));
  return titles.length === 1 ? titles[0]! : `(?:${titles.join('|')})`;
};

const RUNNERS: readonly Runner[] = [
  {
    name: 'vitest',
    imports: /\bfrom\s+['"]vitest['"]/,
    args: ({ file, tests, reportFile }) => [
      'run',
      file,
      ...(tests.length === 0 ? [] : ['-t', `^\\s*${anyOf(tests)}$`]),
      ...(reportFile === undefined
        ? []
        : ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]),
    ],
  },
  {
    name: 'jest',
    imports: /['"]@jest\/globals['"]/,
    args: ({ file, tests, reportFile }) => [
      '--runTestsByPath',
      file,
      ...(tests.length === 0 ? [] : ['-t', `^${anyOf(tests)}$`]),
      ...(reportFile === undefined ? [] : ['--json', `--outputFile=${reportFile}`]),
    ],
  },
  {
    name: 'mocha',
    imports: /\bfrom\s+['"]mocha['"]|require\(['"]mocha['"]\)/,
    args: ({ file, tests }) => [file, ...(tests.length === 0 ? [] : ['--grep', `^${anyOf(tests)}$`])],
  },
];

const NODE_TEST = /['"]node:test['"]/;

/** The runner that a file of tests imports; null: none of them. */
export function runnerOf(text: string): RunnerName | null {
  if (NODE_TEST.test(text)) return 'node:test';
  return RUNNERS.find(({ imports }) => imports.test(text))?.name ?? null;
}

/** The command; or one sentence saying why there is none. */
export function testCommand(target: TestTarget, node: string): TestCommand | string {
  const { file, text } = target;
  const folder = packageFolder(dirname(file));
  const importedName = runnerOf(text);
  if (importedName === 'node:test')
    return { runner: 'node:test', args: [node, ...nodeTestOptions(target), file], cwd: folder };
  const imported = RUNNERS.find(({ name }) => name === importedName);
  const named = RUNNERS.filter(({ name }) => namesPackage(folder, name));
  for (const runner of imported === undefined ? named : [imported]) {
    const script = runnerScript(dirname(file), runner.name);
    if (script !== null)
      return { runner: runner.name, args: [node, script, ...runner.args(target)], cwd: folder };
  }
  if (imported !== undefined) return `${imported.name} is not installed beside ${file}`;
  return `no test runner was found beside ${file}: vitest, jest, mocha and node:test are known`;
}

/** A pattern of Node's runner is for the own title of a test. */
const nodeTestOptions = ({ tests, reportFile }: TestTarget): readonly string[] => [
  ...tests.map((titles) => `--test-name-pattern=^${escaped(titles.at(-1) ?? '')}$`),
  ...(reportFile === undefined
    ? []
    : [
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        '--test-reporter=junit',
        `--test-reporter-destination=${reportFile}`,
      ]),
];

/** The folder of the nearest package.json, else the folder itself. */
function packageFolder(folder: string): string {
  return foldersAbove(folder).find((above) => existsSync(join(above, 'package.json'))) ?? folder;
}

function namesPackage(folder: string, name: string): boolean {
  const manifest = readJson(join(folder, 'package.json'));
  const { dependencies, devDependencies, scripts } = manifest;
  if (isObject(dependencies) && name in dependencies) return true;
  if (isObject(devDependencies) && name in devDependencies) return true;
  return isObject(scripts) && String(scripts['test']).includes(name);
}

/** The script that a package's `bin` names; null: it is not installed. */
function runnerScript(from: string, name: string): string | null {
  for (const folder of foldersAbove(from)) {
    const installed = join(folder, 'node_modules', name);
    const { bin } = readJson(join(installed, 'package.json'));
    const script = isObject(bin) ? bin[name] : bin;
    if (typeof script === 'string') return join(installed, script);
  }
  return null;
}

function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function readJson(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
