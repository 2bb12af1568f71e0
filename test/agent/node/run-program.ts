/** Runs a test program untraced, and with the loader and the counting probes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface Seen {
  readonly counts: Readonly<Record<string, number>>;
  readonly files: readonly string[];
  readonly faults: readonly string[];
}

/** Path of each Node by its major version, as the environment names it, else the running Node. */
export const nodes: ReadonlyMap<string, string> = new Map(
  ['20', '22', '24'].flatMap((major) => {
    const given = process.env[`SIMUL_NODE_${major}`];
    const own = process.versions.node.startsWith(`${major}.`) ? process.execPath : undefined;
    const path = given ?? own;
    return path === undefined ? [] : [[major, path] as const];
  }),
);

const register = fileURLToPath(new URL('./counting-register.js', import.meta.url));

export function untraced(node: string, program: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return run(node, [program], env);
}

/** `--require` and not `--import`: Node then loads the entry as it does untraced. */
export async function instrumented(
  node: string,
  program: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome & { readonly seen: Seen }> {
  const folder = mkdtempSync(join(tmpdir(), 'simul-counts-'));
  try {
    const file = join(folder, 'counts.json');
    const outcome = await run(node, ['--require', register, program], { ...env, COUNTS_FILE: file });
    return { ...outcome, seen: JSON.parse(readFileSync(file, 'utf8')) as Seen };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(node: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { NODE_OPTIONS: _, NODE_V8_COVERAGE: _coverage, ...inherited } = process.env;
    const child = spawn(node, args, { env: { ...inherited, ...env, NO_COLOR: '1' }, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout, stderr, code }));
  });
}
