/**
 * How one test, or all tests of a file, are run: by vitest, jest, mocha or Node's own runner. The
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
  /** The titles of the groups around the test and its own; empty: all tests of the file. */
  readonly titles: readonly string[];
}

export interface TestCommand {
  readonly runner: RunnerName;
  /** The program and its arguments; the first is this Node. */
  readonly args: readonly string[];
  readonly cwd: string;
}

export type RunnerName = 'vitest' | 'jest' | 'mocha' | 'node:test';

interface Runner {
  readonly name: RunnerName;
  /** What a file of its tests imports. */
  readonly imports: RegExp;
  args(file: string, titles: readonly string[]): readonly string[];
}

/** As a part of a regular expression that matches just this text. */
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const RUNNERS: readonly Runner[] = [
  {
    name: 'vitest',
    imports: /\bfrom\s+['"]vitest['"]/,
    args: (file, titles) => [
      'run',
      file,
      ...(titles.length === 0 ? [] : ['-t', `^\\s*${escaped(titles.join(' '))}$`]),
    ],
  },
  {
    name: 'jest',
    imports: /['"]@jest\/globals['"]/,
    args: (file, titles) => [
      '--runTestsByPath',
      file,
      ...(titles.length === 0 ? [] : ['-t', `^${escaped(titles.join(' '))}$`]),
    ],
  },
  {
    name: 'mocha',
    imports: /\bfrom\s+['"]mocha['"]|require\(['"]mocha['"]\)/,
    args: (file, titles) => [file, ...(titles.length === 0 ? [] : ['--fgrep', titles.join(' ')])],
  },
];

const NODE_TEST = /['"]node:test['"]/;

/** The command; or one sentence saying why there is none. */
export function testCommand(target: TestTarget, node: string): TestCommand | string {
  const { file, text, titles } = target;
  const folder = packageFolder(dirname(file));
  if (NODE_TEST.test(text)) {
    const own = titles.at(-1);
    const pattern = own === undefined ? [] : [`--test-name-pattern=^${escaped(own)}$`];
    return { runner: 'node:test', args: [node, ...pattern, file], cwd: folder };
  }
  const imported = RUNNERS.find(({ imports }) => imports.test(text));
  const named = RUNNERS.filter(({ name }) => namesPackage(folder, name));
  for (const runner of imported === undefined ? named : [imported]) {
    const script = runnerScript(dirname(file), runner.name);
    if (script !== null)
      return { runner: runner.name, args: [node, script, ...runner.args(file, titles)], cwd: folder };
  }
  if (imported !== undefined) return `${imported.name} is not installed beside ${file}`;
  return `no test runner was found beside ${file}: vitest, jest, mocha and node:test are known`;
}

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
