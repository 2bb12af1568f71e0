/**
 * The Node that runs the user's program: the one that the setting names, else the one on the PATH.
 * It refuses, in one sentence, when there is none or it is too old to be traced.
 */
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export const OLDEST_NODE = 20;

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
  const path = search.setting === '' ? onPath(search) : search.setting;
  if (path === null) {
    return refused(
      'Simul runs your program with Node, and no node is on the PATH. Install Node 20 or newer, or set simul.nodePath.',
    );
  }
  if (search.setting !== '' && !isAbsolute(path)) {
    return refused(`The setting simul.nodePath must be an absolute path; it is "${path}".`);
  }
  const version = await versionOf(path, search.env);
  if (version === null) return refused(`${path} does not answer like Node when asked for its version.`);
  const major = Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
  if (major < OLDEST_NODE) {
    return refused(
      `Simul needs Node ${OLDEST_NODE} or newer to trace your program; ${path} is ${version}. Install a newer one or set simul.nodePath.`,
    );
  }
  return { found: true, path, version };
}

const refused = (words: string): FoundNode => ({ found: false, words });

function onPath({ env, platform }: NodeSearch): string | null {
  const windows = platform === 'win32';
  const path = env['PATH'] ?? (windows ? env['Path'] : undefined) ?? '';
  for (const folder of path.split(delimiter)) {
    // A relative folder on the PATH would make the workspace decide what is run.
    if (!isAbsolute(folder)) continue;
    const candidate = join(folder, windows ? 'node.exe' : 'node');
    if (existsSync(candidate) && statSync(candidate).isFile()) return candidate;
  }
  return null;
}

function versionOf(path: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  // NODE_OPTIONS of the user's could load anything here; the version needs none of it.
  const clean = { ...env };
  delete clean['NODE_OPTIONS'];
  // VS Code's own Node is an Electron that must be told to be one.
  clean['ELECTRON_RUN_AS_NODE'] = '1';
  return new Promise((resolve) => {
    execFile(path, ['--version'], { env: clean, timeout: 5000, windowsHide: true }, (error, stdout) => {
      const text = stdout.trim();
      resolve(error === null && /^v\d+\.\d+\.\d+/.test(text) ? text : null);
    });
  });
}
