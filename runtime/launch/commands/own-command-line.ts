/** The command that runs this program again, as the person can type it where they are. */
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, isAbsolute, join, relative } from 'node:path';

export interface Invocation {
  /** The script, as Node has it: `process.argv[1]`. */
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** "simul" where a shell finds it, "npx simul" where npm called it, else "node dist/cli.js". */
export function ownCommandLine({ script, cwd, env, platform }: Invocation): string {
  const isCalledByName = basename(script) === 'simul';
  if (isCalledByName && env['npm_command'] === 'exec') return 'npx simul';
  if (isCalledByName && isOnPath(env['PATH'] ?? '', platform)) return 'simul';
  const relativePath = relative(cwd, script);
  const isBelow = !relativePath.startsWith('..') && !isAbsolute(relativePath);
  return `node ${quoteForShell(isBelow ? relativePath : script, platform)}`;
}

/** Quotes a path, where a shell would not take it as one word. */
export function quoteForShell(path: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w./\\:@%+=,~-]+$/.test(path) && !path.startsWith('-') && !path.startsWith('~')) return path;
  return platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`;
}

function isOnPath(path: string, platform: NodeJS.Platform): boolean {
  const names = platform === 'win32' ? ['simul.cmd', 'simul.exe'] : ['simul'];
  // npm puts its .bin folders in front for its own scripts; the person's shell does not have them.
  const folders = path
    .split(delimiter)
    .filter((folder) => folder !== '' && !/node_modules[/\\]\.bin$/.test(folder));
  return folders.some((folder) => names.some((name) => isExecutable(join(folder, name))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
