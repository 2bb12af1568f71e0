/**
 * Programs that start where something is refused: descriptors, address space, permissions, room on
 * a disk. Each row ends traced as it does untraced, and the summary says what was not recorded.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolders } from '../launch/part-writer.ts';
import { tree } from '../machine/tree.ts';

const cli = join(tree, 'dist/cli.js');
const folder = temporaryFolders();
/** A program that hangs is a failure of its own. */
const MAX_RUN_MS = 20_000;

const PROGRAM = `async function main() { await new Promise((done) => setTimeout(done, 5)); }
main().then(() => { console.log('ok'); process.exitCode = 3; });`;

export interface HostileStart {
  /** For the shell, before both runs: `ulimit -n 24`. */
  readonly before?: string;
  readonly flags?: readonly string[];
  /** Who runs it; default: the user of the tests. */
  readonly user?: number;
  /** One of the summary's lines. */
  readonly says: RegExp;
}

/** Runs a program untraced and traced, and compares. */
export function assertSame(node: string, { before = ':', flags = [], user, says }: HostileStart): void {
  const at = folder();
  writeFileSync(join(at, 'program.cjs'), PROGRAM);
  if (user !== undefined) chmodSync(at, 0o777);
  const run = (command: readonly string[]) => {
    // Not every `sh` knows a limit of processes.
    const shell = [user === undefined ? 'sh' : 'bash', '-c', `${before}; exec "$@"`, 'sh', ...command];
    const [file, ...args] =
      user === undefined
        ? shell
        : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...shell];
    const { status, signal, stdout, stderr } = spawnSync(file!, args, {
      cwd: at,
      encoding: 'utf8',
      timeout: MAX_RUN_MS,
      env: { ...process.env, SIMUL_CACHE: join(at, 'cache'), SIMUL_RECORDINGS: join(at, 'recordings') },
    });
    return { ended: [status, signal, stdout], stderr };
  };
  const program = [node, ...flags, 'program.cjs'];
  const untraced = run(program);
  const traced = run([process.execPath, cli, 'trace', '--', ...program]);
  assert.deepEqual(untraced.ended, [3, null, 'ok\n'], untraced.stderr);
  assert.deepEqual(traced.ended, untraced.ended, traced.stderr);
  assert.match(traced.stderr, says);
}

/** What the running Node calls its permission model. */
export const permissionFlag = (node: string): string =>
  spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.startsWith('v20.')
    ? '--experimental-permission'
    : '--permission';
