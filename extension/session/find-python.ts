/**
 * Finds the interpreter that runs the user's Python program: the one that was chosen in the editor,
 * else the one that the setting names, else the virtual environment beside the file, else
 * `python3`. It refuses, in one sentence, when there is none or when it is too old to be traced.
 */
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, relative } from 'node:path';

/** The oldest that the instrument knows. */
const MIN_PYTHON = [3, 8] as const;
/** What tools call the folder of a virtual environment by default. */
const ENVIRONMENT_FOLDERS: readonly string[] = ['.venv', 'venv'];
const MAX_ANSWER_MS = 10_000;
/** Also Python 2 and implementations other than CPython answer this. */
const VERSION_QUESTION = 'import sys; print("Python %d.%d.%d" % tuple(sys.version_info[:3]))';

export type FoundPython =
  | {
      readonly found: true;
      /** Never resolved: the link in a virtual environment is what brings its packages in. */
      readonly path: string;
      readonly version: string;
      /** The folder of the virtual environment that was found beside the file; null: none was. */
      readonly environment: string | null;
    }
  | { readonly found: false; readonly words: string };

export interface PythonSearch {
  /** The executable that was chosen in the editor; null: none was. */
  readonly chosen: string | null;
  /** `simul.pythonPath`; '' when not set. */
  readonly setting: string;
  /** Folders that may hold a virtual environment, the nearest first. */
  readonly folders: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

export async function findPython(search: PythonSearch): Promise<FoundPython> {
  const { chosen, setting, platform } = search;
  const isSetting = chosen === null && setting !== '';
  if (isSetting && !isAbsolute(setting))
    return notFound(`The setting simul.pythonPath must be an absolute path; it is "${setting}".`);
  const environment = chosen === null && !isSetting ? findEnvironment(search) : null;
  const path =
    chosen ??
    (isSetting
      ? setting
      : environment === null
        ? pythonOnPath(search)
        : interpreterIn(environment, platform));
  if (path === null) {
    return notFound(
      `No Python was found: none is chosen in the Python extension, and no ${defaultName(platform)} is on the PATH. Install Python ${MIN_PYTHON.join('.')} or newer, or set simul.pythonPath.`,
    );
  }
  const origin =
    chosen !== null ? 'chosen in the Python extension' : isSetting ? 'set as simul.pythonPath' : '';
  const named = origin === '' ? path : `${path}, ${origin},`;
  if (!existsSync(path)) return notFound(`${named} does not exist. ${describeChoice(origin)}`);
  const version = await versionOf(path, search.env);
  if (version === null)
    return notFound(
      `${named} does not answer like Python when asked for its version. ${describeChoice(origin)}`,
    );
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < MIN_PYTHON[0] || (major === MIN_PYTHON[0] && minor < MIN_PYTHON[1])) {
    return notFound(
      `Simul needs Python ${MIN_PYTHON.join('.')} or newer to trace your program; ${path} is ${version}. ${describeChoice(origin)}`,
    );
  }
  return { found: true, path, version, environment };
}

/** The folders from that of a file up to the one that holds it; only the first when none does. */
export function foldersUpTo(file: string, workspace: string | null): string[] {
  const folders = [dirname(file)];
  if (workspace === null) return folders;
  for (;;) {
    const last = folders.at(-1)!;
    const way = relative(workspace, last);
    if (way === '' || way.startsWith('..') || isAbsolute(way)) return folders;
    folders.push(dirname(last));
  }
}

/**
 * What activating a virtual environment sets: the programs that the program starts by name are the
 * environment's, too.
 */
export function activationOf(
  environment: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const scripts = dirname(interpreterIn(environment, platform));
  const name = platform === 'win32' && env['PATH'] === undefined ? 'Path' : 'PATH';
  const path = env[name] ?? '';
  return { VIRTUAL_ENV: environment, [name]: path === '' ? scripts : `${scripts}${delimiter}${path}` };
}

const notFound = (words: string): FoundPython => ({ found: false, words });

function describeChoice(origin: string): string {
  if (origin.startsWith('set')) return 'Change the setting simul.pythonPath.';
  return origin === ''
    ? 'Choose another in the Python extension, or set simul.pythonPath.'
    : 'Choose another there: Python: Select Interpreter.';
}

const defaultName = (platform: NodeJS.Platform): string => (platform === 'win32' ? 'python' : 'python3');

const interpreterIn = (environment: string, platform: NodeJS.Platform): string =>
  platform === 'win32' ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python');

/** A virtual environment is known by the file that makes it one. */
function findEnvironment({ folders }: PythonSearch): string | null {
  for (const folder of folders)
    for (const name of ENVIRONMENT_FOLDERS)
      if (existsSync(join(folder, name, 'pyvenv.cfg'))) return join(folder, name);
  return null;
}

function pythonOnPath({ env, platform }: PythonSearch): string | null {
  const isWindows = platform === 'win32';
  const path = env['PATH'] ?? (isWindows ? env['Path'] : undefined) ?? '';
  const names = isWindows ? ['python.exe'] : ['python3', 'python'];
  for (const name of names) {
    for (const folder of path.split(delimiter)) {
      // A relative folder on the PATH would let the workspace decide what is run.
      if (!isAbsolute(folder)) continue;
      const candidate = join(folder, name);
      if (existsSync(candidate) && statSync(candidate).isFile()) return candidate;
    }
  }
  return null;
}

/** "3.11.7"; null: it does not answer like Python. */
function versionOf(path: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  // Neither the environment nor a `sitecustomize` has a say here, and both could run any code.
  const args = ['-E', '-s', '-S', '-c', VERSION_QUESTION];
  // `sys` alone is imported, which is built in: no file could be in its place.
  const options = { env, timeout: MAX_ANSWER_MS, windowsHide: true };
  return new Promise((resolve) => {
    execFile(path, args, options, (error, stdout) => {
      const version = /^Python (\d+\.\d+\.\d+)$/.exec(stdout.trim())?.[1];
      resolve(error === null && version !== undefined ? version : null);
    });
  });
}
