/**
 * Finds the Node that runs the user's program: the one that the setting names, else the one on the
 * PATH. It refuses, in one sentence, when there is none or when it is too old to be traced.
 */
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export const MIN_NODE_MAJOR = 20;

export type FoundNode =
  | { readonly found: true; readonly path: string; readonly version: string }
  | { readonly found: false; readonly words: string };

export interface NodeSearch {
  /** `simul.nodePath`; '' when not set. */
  readonly setting: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

export async function findNode(search: NodeSearch): Promise<FoundNode> {
  const path = search.setting === '' ? nodeOnPath(search) : search.setting;
  if (path === null) {
    return notFound(
      `Simul runs your program with Node, and no node is on the PATH. Install Node ${MIN_NODE_MAJOR} or newer, or set simul.nodePath.`,
    );
  }
  if (search.setting !== '' && !isAbsolute(path)) {
    return notFound(`The setting simul.nodePath must be an absolute path; it is "${path}".`);
  }
  const version = await versionOf(path, search.env);
  if (version === null) return notFound(`${path} does not answer like Node when asked for its version.`);
  const major = Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
  if (major < MIN_NODE_MAJOR) {
    return notFound(
      `Simul needs Node ${MIN_NODE_MAJOR} or newer to trace your program; ${path} is ${version}. Install a newer one or set simul.nodePath.`,
    );
  }
  return { found: true, path, version };
}

const notFound = (words: string): FoundNode => ({ found: false, words });

function nodeOnPath({ env, platform }: NodeSearch): string | null {
  const windows = platform === 'win32';
  const path = env['PATH'] ?? (windows ? env['Path'] : undefined) ?? '';
  for (const folder of path.split(delimiter)) {
    // A relative folder on the PATH would let the workspace decide what is run.
    if (!isAbsolute(folder)) continue;
    const candidate = join(folder, windows ? 'node.exe' : 'node');
    if (existsSync(candidate) && statSync(candidate).isFile()) return candidate;
  }
  return null;
}

function versionOf(path: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  // NODE_OPTIONS could load any code here, and the version needs none of it.
  const cleanEnv = { ...env };
  delete cleanEnv['NODE_OPTIONS'];
  // VS Code's own Node is an Electron, which runs as Node only with this variable.
  cleanEnv['ELECTRON_RUN_AS_NODE'] = '1';
  return new Promise((resolve) => {
    execFile(path, ['--version'], { env: cleanEnv, timeout: 5000, windowsHide: true }, (error, stdout) => {
      const text = stdout.trim();
      resolve(error === null && /^v\d+\.\d+\.\d+/.test(text) ? text : null);
    });
  });
}
