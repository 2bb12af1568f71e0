/**
 * Starts the user's program under trace. All that it changes is the environment: NODE_OPTIONS gains
 * a `--require` of the agent at its end, PYTHONPATH the folder of the agent for Python at its
 * beginning, and SIMUL_* say where to record. The program inherits
 * stdin, stdout and stderr; nothing reads them. A program that cannot be recorded runs all the
 * same.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endKilledProcess, noteExitCode } from '../recorder/end-killed-process.ts';
import { KEPT_BY_PERMISSIONS, arePermissionsMissing } from '../recorder/permission-flags.ts';
import { encodeRefusedPart } from '../recorder/refused-part.ts';
import { LANGUAGE } from '../trace/format/kinds.ts';
import { partName } from '../trace/format/part.ts';
import { describeIoError } from './describe-io-error.ts';
import { EXIT } from './exit-status.ts';
import { isPython, optionAgainstTracing } from './python-command.ts';
import { makeTraceEnv, type TraceEnvOptions } from './trace-env.ts';

/** What a shell adds to the number of the signal that ended a program. */
const SIGNAL_STATUS = 128;

export interface TraceOptions extends Omit<TraceEnvOptions, 'agent'> {
  /** The command and its arguments; no shell reads them. */
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  /** The script that brings the agent in; default: the one beside this bundle. */
  readonly agent?: URL;
  readonly stdio?: 'inherit' | 'pipe' | 'ignore';
}

export interface TracedProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<ProgramEnd>;
}

export interface ProgramEnd {
  /**
   * What a shell would report: the exit code, or 128 + the signal's number; 127 or 126 when the
   * program could not be started.
   */
  readonly status: number;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started, one sentence; null: it was. */
  readonly trouble: string | null;
}

export function startTrace(options: TraceOptions): TracedProgram {
  const [file, ...args] = options.command;
  const env = options.env ?? process.env;
  const refusal = options.recording === null ? null : refusalOf(options, options.recording, env);
  const child = spawn(file, args, {
    stdio: options.stdio ?? 'inherit',
    env: refusal === null ? traceEnv(options) : { ...env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  if (refusal !== null && options.recording !== null && child.pid !== undefined)
    writeRefusal(options.recording, child.pid, options.command, refusal);
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.once('error', (error) => {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const trouble = `${file} cannot be started: ${describeIoError(error)}`;
      resolve({ status: isMissing ? EXIT.notFound : EXIT.cannotStart, signal: null, trouble });
    });
    child.once('exit', (code, signal) => {
      const { recording } = options;
      if (recording === null || child.pid === undefined) return;
      if (signal !== null)
        endKilledProcess(recording, child.pid, constants.signals[signal], process.hrtime.bigint());
      else if (code !== null) noteExitCode(recording, child.pid, code);
    });
    child.once('close', (code, signal) => {
      const status = signal === null ? (code ?? 1) : SIGNAL_STATUS + (constants.signals[signal] ?? 0);
      resolve({ status, signal, trouble: null });
    });
  });
  return { child, ended };
}

/** Why the program is not traced, as the end of a sentence; null: it is. */
function refusalOf(
  options: TraceOptions,
  recording: string,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (isKeptByPermissions(options, recording, env)) return KEPT_BY_PERMISSIONS;
  const option = optionAgainstTracing(options.command);
  if (option === null) return null;
  return `Python's option ${option} keeps it from reading the environment, by which the instrument comes in`;
}

/** Node 20 would end at once where its permission model lets it read no file of the agent. */
function isKeptByPermissions(
  { command, agent }: TraceOptions,
  recording: string,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const [file, ...args] = command;
  if (!/^node(?:js)?(?:\.exe)?$/i.test(basename(file))) return false;
  const flags = [...args, ...(env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return arePermissionsMissing(flags, fileURLToPath(agent ?? agentUrl()), recording);
}

/** The part of a process that cannot say itself that it is not traced. */
function writeRefusal(folder: string, pid: number, args: readonly string[], why: string): void {
  const startNs = process.hrtime.bigint();
  const wallNs = BigInt(Date.now()) * 1_000_000n;
  const language = isPython(args[0]!) ? LANGUAGE.python : LANGUAGE.node;
  const parentPid = process.pid;
  const bytes = encodeRefusedPart({ pid, parentPid, startNs, wallNs, args, version: '', language, why });
  try {
    writeFileSync(join(folder, partName(pid, startNs, 0)), bytes, { flag: 'wx', mode: 0o600 });
  } catch {
    // Then nothing is recorded, which is said too.
  }
}

/** The environment of a traced program: all that was there, and what the agent needs. */
export const traceEnv = ({ agent = agentUrl(), ...options }: Partial<TraceEnvOptions>): NodeJS.ProcessEnv =>
  makeTraceEnv({ recording: null, ...options, agent });

/**
 * `dist/agent/preload.cjs`, from the bundle (dist/) or the compiled tree (build/runtime/launch/).
 */
export function agentUrl(): URL {
  const paths = ['./agent/preload.cjs', '../../../dist/agent/preload.cjs'];
  const urls = paths.map((path) => new URL(path, import.meta.url));
  return urls.find((url) => existsSync(fileURLToPath(url))) ?? urls[0]!;
}
