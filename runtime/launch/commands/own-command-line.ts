/** How this command line was called, so that what a person is told to type works where they are. */
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, isAbsolute, join, relative } from 'node:path';

export interface Call {
  /** The script, as Node has it: `process.argv[1]`. */
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** "simul" where a shell would find it, "npx simul" where npm called it, "node dist/cli.js" otherwise. */
export function ownCommandLine({ script, cwd, env, platform }: Call): string {
  const byName = basename(script) === 'simul';
  if (byName && env['npm_command'] === 'exec') return 'npx simul';
  if (byName && isOnPath(env['PATH'] ?? '', platform)) return 'simul';
  const near = relative(cwd, script);
  return `node ${quoted(near.startsWith('..') || isAbsolute(near) ? script : near, platform)}`;
}

/** A path as a shell takes it for one word. */
export function quoted(path: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w./\\:@%+=,~-]+$/.test(path) && !path.startsWith('-') && !path.startsWith('~')) return path;
  return platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`;
}

function isOnPath(path: string, platform: NodeJS.Platform): boolean {
  const names = platform === 'win32' ? ['simul.cmd', 'simul.exe'] : ['simul'];
  // npm puts these in front for its own scripts; the person's shell does not have them.
  const folders = path
    .split(delimiter)
    .filter((folder) => folder !== '' && !/node_modules[/\\]\.bin$/.test(folder));
  return folders.some((folder) => names.some((name) => canRun(join(folder, name))));
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
