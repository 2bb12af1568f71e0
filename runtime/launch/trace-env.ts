/**
 * The environment by which the agent comes into a program, whoever starts it: this project's own
 * launcher, or the editor's debugger.
 */
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.ts';

export interface TraceEnvOptions {
  /** Folder that the agent writes to; null: the program runs untraced. */
  readonly recording: string | null;
  readonly depth?: 'full' | 'light';
  /** Generators that are not async are seen, too: each `next` of theirs costs. */
  readonly generators?: boolean;
  /** The shapes of awaited values are recorded: type and size, and nothing of the content. */
  readonly values?: boolean;
  /** V8's profiler looks where the CPU time goes. */
  readonly cpu?: boolean;
  /** A debugger is there; with the events at which the program stops from its start on. */
  readonly debug?: { readonly stopAt: readonly string[] };
  /** Bytes that each process may record; default: the agent's. */
  readonly limitBytes?: number;
  /** Folder for instrumented sources; default: the user's cache; null: none is kept. */
  readonly cache?: string | null;
  /** The program is TypeScript or JSX, and the agent compiles what nobody else compiles. */
  readonly compiles?: boolean;
  /** The environment to add to; default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The script that brings the agent in. */
  readonly agent: URL;
}

/** The environment of a traced program: all that was there, and what the agent needs. */
export function makeTraceEnv(options: TraceEnvOptions): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...(options.env ?? process.env) };
  const { agent } = options;
  // Node would refuse to start when told to load a file that is missing.
  if (options.recording === null || !existsSync(fileURLToPath(agent))) return env;
  const preload = preloadOption(agent);
  const given = env['NODE_OPTIONS'] ?? '';
  env['NODE_OPTIONS'] = given.trim() === '' ? preload : `${given} ${preload}`;
  const python = fileURLToPath(new URL('python', agent));
  if (existsSync(python)) {
    const path = env['PYTHONPATH'] ?? '';
    env['PYTHONPATH'] = path === '' ? python : `${python}${delimiter}${path}`;
  }
  env['SIMUL_RECORDING'] = options.recording;
  env['SIMUL_DEPTH'] = options.depth ?? 'full';
  const cache = options.cache === undefined ? cacheFolder(env) : options.cache;
  if (cache !== null) env['SIMUL_CACHE'] = cache;
  if (options.generators === true) env['SIMUL_GENERATORS'] = '1';
  else delete env['SIMUL_GENERATORS'];
  if (options.cpu === true) env['SIMUL_CPU'] = '1';
  else delete env['SIMUL_CPU'];
  if (options.values === true) env['SIMUL_VALUES'] = '1';
  else delete env['SIMUL_VALUES'];
  if (options.debug !== undefined) {
    env['SIMUL_DEBUG'] = '1';
    env['SIMUL_STOP_AT'] = options.debug.stopAt.join(',');
  }
  if (options.compiles === true) env['SIMUL_COMPILE'] = '1';
  if (options.limitBytes !== undefined) env['SIMUL_LIMIT'] = String(options.limitBytes);
  return env;
}

/**
 * `--require` for an agent in CommonJS, so that a CommonJS program starts as it does untraced;
 * `--import` for a module. In NODE_OPTIONS blanks separate options, double quotes hold one
 * together, and a backslash inside them escapes.
 */
function preloadOption(agent: URL): string {
  if (!agent.pathname.endsWith('.cjs')) return `--import=${agent.href}`;
  const path = fileURLToPath(agent);
  return /[\s"\\]/.test(path) ? `"--require=${path.replace(/["\\]/g, '\\$&')}"` : `--require=${path}`;
}
