/**
 * Starts the user's program under trace. What it does to the program is all in the
 * environment: NODE_OPTIONS gains our `--require` at its end, and SIMUL_* say where to record. Its
 * stdin, stdout and stderr are ours, unread. A program that cannot be recorded runs all the same.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.ts';
import { describeIoError } from './describe-io-error.ts';

export interface TraceOptions {
  /** The command and its arguments; not a shell's line. */
  readonly command: readonly [string, ...string[]];
  /** Folder that the agent writes to; null: the program runs untraced. */
  readonly recording: string | null;
  readonly depth?: 'full' | 'light';
  /** Bytes that a process may record; the agent's default when left out. */
  readonly limitBytes?: number;
  /** Where instrumented texts are kept; default: the user's cache; null: nowhere. */
  readonly cache?: string | null;
  readonly cwd?: string;
  /** The environment to add to; default: ours. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The agent's entry; default: beside this bundle. */
  readonly agent?: URL;
  readonly stdio?: 'inherit' | 'pipe' | 'ignore';
}

export interface Traced {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** What a shell would say: the exit code, or 128 + the signal's number; 127 or 126 when it could not be started. */
  readonly status: number;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started, one sentence. */
  readonly trouble: string | null;
}

export function startTrace(options: TraceOptions): Traced {
  const [file, ...args] = options.command;
  const child = spawn(file, args, {
    stdio: options.stdio ?? 'inherit',
    env: traceEnv(options),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', (error) => {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const trouble = `${file} cannot be started: ${describeIoError(error)}`;
      resolve({ status: missing ? 127 : 126, signal: null, trouble });
    });
    child.once('close', (code, signal) => {
      const status = signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0);
      resolve({ status, signal, trouble: null });
    });
  });
  return { child, ended };
}

/** The environment of a traced program: theirs, with ours added and nothing taken away. */
export function traceEnv(
  options: Pick<TraceOptions, 'recording' | 'depth' | 'limitBytes' | 'cache' | 'env' | 'agent'>,
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...(options.env ?? process.env) };
  const agent = options.agent ?? agentUrl();
  // Node would refuse to start when told to load what is not there.
  if (options.recording === null || !existsSync(fileURLToPath(agent))) return env;
  const ours = preloadOption(agent);
  const theirs = env['NODE_OPTIONS'] ?? '';
  env['NODE_OPTIONS'] = theirs.trim() === '' ? ours : `${theirs} ${ours}`;
  env['SIMUL_RECORDING'] = options.recording;
  env['SIMUL_DEPTH'] = options.depth ?? 'full';
  const cache = options.cache === undefined ? cacheFolder(env) : options.cache;
  if (cache !== null) env['SIMUL_CACHE'] = cache;
  if (options.limitBytes !== undefined) env['SIMUL_LIMIT'] = String(options.limitBytes);
  return env;
}

/**
 * `--require` for CommonJS, so that a CommonJS program starts as it does untraced; `--import` for a module.
 * In NODE_OPTIONS blanks separate, double quotes hold together, and a backslash in them escapes.
 */
function preloadOption(agent: URL): string {
  if (!agent.pathname.endsWith('.cjs')) return `--import=${agent.href}`;
  const path = fileURLToPath(agent);
  return /[\s"\\]/.test(path) ? `"--require=${path.replace(/["\\]/g, '\\$&')}"` : `--require=${path}`;
}

/** `dist/agent/preload.cjs`, seen from the bundle (dist/) or from the compiled tree (build/runtime/launch/). */
export function agentUrl(): URL {
  const places = ['./agent/preload.cjs', '../../../dist/agent/preload.cjs'];
  const urls = places.map((place) => new URL(place, import.meta.url));
  return urls.find((url) => existsSync(fileURLToPath(url))) ?? urls[0]!;
}
