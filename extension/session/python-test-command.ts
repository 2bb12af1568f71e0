/**
 * How some tests, or all tests of a Python file, are run: by pytest, or by unittest where the file
 * has only its classes and nothing says that the project uses pytest.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pythonTestsIn } from '../../runtime/launch/python-tests.ts';
import { foldersUpTo } from './find-python.ts';
import type { TestCommand, TestTarget } from './test-command.ts';

export interface PythonTestTarget extends TestTarget {
  /** The interpreter. */
  readonly python: string;
  /** Whether the interpreter finds pytest; asked only where that decides. */
  readonly hasPytest: (cwd: string) => Promise<boolean>;
  /** The workspace's folder that holds the file; null: none does. */
  readonly workspace: string | null;
  /** Of these tests only those that failed the last time. Only pytest knows. */
  readonly onlyFailed?: boolean;
}

/** The command; or one sentence saying why there is none. */
export async function pythonTestCommand(target: PythonTestTarget): Promise<TestCommand | string> {
  const { file, text, workspace, python } = target;
  const cwd = projectFolder(file, workspace);
  const tests = pythonTestsIn(file, text);
  const isUnittest = tests.length > 0 && tests.every((test) => test.isUnittest);
  const usesPytest = !isUnittest || /^\s*(?:import|from)\s+pytest\b/m.test(text) || namesPytest(cwd);
  if (usesPytest && (await target.hasPytest(cwd)))
    return { runner: 'pytest', args: [python, ...pytestArgs(target)], cwd };
  if (isUnittest) return { runner: 'unittest', args: [python, ...unittestArgs(target)], cwd };
  return `${python} does not find pytest, which runs the tests of ${file}`;
}

function pytestArgs({ file, tests, onlyFailed = false }: PythonTestTarget): string[] {
  const ids = tests.map((titles) => [file, ...titles].join('::'));
  return [
    '-m',
    'pytest',
    ...(onlyFailed ? ['--lf', '--lfnf=none'] : []),
    ...(ids.length === 0 ? [file] : ids),
  ];
}

/**
 * `discover` finds the modules beside the file and those of the current folder alike. A pattern
 * without an asterisk would also match names that only begin like this one.
 */
function unittestArgs({ file, text, tests }: PythonTestTarget): string[] {
  const folder = dirname(file);
  const top = folderAbovePackages(folder);
  const listed = pythonTestsIn(file, text);
  const patterns = tests.map((titles) => {
    const isClass = listed.some(({ kind, titles: own }) => kind === 'class' && own.join() === titles.join());
    return `*.${titles.join('.')}${isClass ? '.*' : ''}`;
  });
  return [
    ...['-m', 'unittest', 'discover', '-s', folder, '-p', basename(file)],
    ...(top === folder ? [] : ['-t', top]),
    ...patterns.flatMap((pattern) => ['-k', pattern]),
  ];
}

/** The folder from which a module in this one is imported. */
const folderAbovePackages = (folder: string): string =>
  existsSync(join(folder, '__init__.py')) ? folderAbovePackages(dirname(folder)) : folder;

/** What says, in a project's folder, how its tests are run, or that it is one. */
const PROJECT_FILES: readonly string[] = [
  'pytest.ini',
  'pyproject.toml',
  'tox.ini',
  'setup.cfg',
  'setup.py',
  'manage.py',
];

/** The nearest folder of a project within the workspace, else the workspace, else the file's. */
function projectFolder(file: string, workspace: string | null): string {
  const folders = foldersUpTo(file, workspace);
  const isProject = (folder: string): boolean => PROJECT_FILES.some((name) => existsSync(join(folder, name)));
  return folders.find(isProject) ?? folders.at(-1)!;
}

/** Files that name pytest where a project uses it, and how. */
const PYTEST_MARKS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['pytest.ini', /^/],
  ['conftest.py', /^/],
  ['pyproject.toml', /\bpytest\b/],
  ['tox.ini', /\bpytest\b/],
  ['setup.cfg', /\bpytest\b/],
  ['requirements.txt', /^pytest\b/m],
  ['requirements-dev.txt', /^pytest\b/m],
];

const namesPytest = (folder: string): boolean =>
  PYTEST_MARKS.some(([name, mark]) => {
    const text = readText(join(folder, name));
    return text !== null && mark.test(text);
  });

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const MAX_ANSWER_MS = 10_000;
const QUESTION = 'import importlib.util as u, sys; sys.exit(0 if u.find_spec("pytest") else 1)';

/** Whether `python -m pytest` would find it there. */
export const findsPytest = (python: string, cwd: string, env: NodeJS.ProcessEnv): Promise<boolean> =>
  new Promise((resolve) => {
    execFile(python, ['-c', QUESTION], { cwd, env, timeout: MAX_ANSWER_MS, windowsHide: true }, (error) =>
      resolve(error === null),
    );
  });
