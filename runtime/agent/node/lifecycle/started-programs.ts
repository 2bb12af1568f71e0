/**
 * What the program starts: child processes (`spawn`, `fork`, `exec`, `execFile`, their sync forms,
 * `cluster`) and worker threads. They get an environment with which they are traced
 * (given-environments.ts), and where a signal ended a child, that stands in its part of the
 * recording.
 *
 * Asynchronous children all come to `ChildProcess.prototype.spawn`, where nothing has been started
 * yet and the environment is whole. The sync forms have no such place: their functions are
 * replaced.
 */
import childProcess from 'node:child_process';
import { constants } from 'node:os';
import workerThreads, { type Worker } from 'node:worker_threads';
import { builtIns } from '../../../recorder/built-ins.ts';
import { endKilledProcess } from '../../../recorder/end-killed-process.ts';
import { disguiseAs, replaceBuiltin } from '../builtins/replace-builtin.ts';
import type { Variables } from '../preload/own-variables.ts';
import type { GivenEnvironments, StartedProgram } from './given-environments.ts';

type Callable = (...args: never[]) => unknown;
type Options = Readonly<Record<string, unknown>>;

/** What `ChildProcess.prototype.spawn` gets. */
interface SpawnOptions extends Options {
  readonly file: string;
  readonly args?: readonly string[];
  readonly envPairs?: readonly string[];
  readonly uid?: number;
}

/** Who is told of what is started, while the code that starts it is on the stack. */
export interface StartListeners {
  /** Called with the text of a worker before it is made. */
  readonly onWorkerText: (text: string) => void;
  /** @param options as the program gave them */
  readonly onWorker: (worker: Worker, options: unknown) => void;
  /** Called before the child process is started. */
  readonly onChild: (child: object) => void;
  /** Called when it was started, while nothing of it can have come yet. */
  readonly onChildStarted: (child: object) => void;
  /** The child is about to be told of a message. */
  readonly onChildMessage: (child: object) => void;
  /** @param signal as the program gave it */
  readonly onKill: (pid: number, signal: unknown) => void;
}

/** @returns what restores the originals */
export function watchStartedPrograms(
  environments: GivenEnvironments,
  folder: string,
  listeners: StartListeners,
): () => void {
  const undo = [
    patchSpawn(environments, listeners),
    patchEmit(folder, listeners),
    patchKill(listeners),
    ...(['spawnSync', 'execFileSync', 'execSync'] as const).map((name) =>
      patchSync(name, environments, folder),
    ),
    patchWorker(environments, listeners),
  ];
  return () => {
    for (const restore of undo) restore();
  };
}

function patchSpawn(
  environments: GivenEnvironments,
  { onChild, onChildStarted }: StartListeners,
): () => void {
  return replaceBuiltin(childProcess.ChildProcess.prototype, 'spawn', (original) => {
    const { spawn } = {
      spawn(this: object, options: SpawnOptions): unknown {
        orElse(undefined, () => onChild(this));
        const passed = orElse(options, () => withEnvironment(options, environments));
        const result: unknown = Reflect.apply(original, this, [passed] as never[]);
        orElse(undefined, () => onChildStarted(this));
        return result;
      },
    };
    return spawn as Callable;
  });
}

function withEnvironment(options: SpawnOptions, environments: GivenEnvironments): SpawnOptions {
  const { file, args = [], envPairs, uid } = options;
  if (envPairs === undefined) return options;
  const given: Variables = {};
  for (const pair of envPairs) {
    const at = pair.indexOf('=', 1);
    given[pair.slice(0, at)] ??= pair.slice(at + 1);
  }
  const added = environments.forProcess(given, { file, args, uid });
  if (added === null) return options;
  const pairs = Object.entries(added).map(([name, value]) => `${name}=${value}`);
  return { ...options, envPairs: pairs };
}

/** A child that a signal ended has not recorded its end. */
function patchEmit(folder: string, { onChildMessage }: StartListeners): () => void {
  const prototype = childProcess.ChildProcess.prototype;
  const former = prototype.emit as Callable;
  const { emit } = {
    emit(this: childProcess.ChildProcess, ...args: unknown[]): unknown {
      if (args[0] === 'exit' && typeof args[2] === 'string')
        orElse(undefined, () => endOf(this.pid, args[2] as string, folder));
      else if (args[0] === 'message') orElse(undefined, () => onChildMessage(this));
      return Reflect.apply(former, this, args as never[]);
    },
  };
  Object.defineProperty(prototype, 'emit', {
    value: disguiseAs(emit as Callable, former),
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return () => {
    if ((prototype.emit as unknown) === emit) Reflect.deleteProperty(prototype, 'emit');
  };
}

function patchKill({ onKill }: StartListeners): () => void {
  return replaceBuiltin(childProcess.ChildProcess.prototype, 'kill', (original) => {
    const { kill } = {
      kill(this: childProcess.ChildProcess, ...args: unknown[]): unknown {
        orElse(undefined, () => {
          if (typeof this.pid === 'number') onKill(this.pid, args[0]);
        });
        return Reflect.apply(original, this, args as never[]);
      },
    };
    return kill as Callable;
  });
}

function endOf(pid: number | undefined, signal: string, folder: string): void {
  const number = (constants.signals as Partial<Record<string, number>>)[signal];
  if (pid !== undefined && pid > 0 && number !== undefined)
    endKilledProcess(folder, pid, number, builtIns.now());
}

/** `spawnSync(file[, args][, options])`, `execFileSync` alike, `execSync(command[, options])`. */
function patchSync(
  name: 'spawnSync' | 'execFileSync' | 'execSync',
  environments: GivenEnvironments,
  folder: string,
): () => void {
  return replaceBuiltin(childProcess, name, (original) => {
    const { [name]: replacement } = {
      [name](this: unknown, ...args: unknown[]): unknown {
        const passed = orElse(args, () => withOptions(args, name === 'execSync', environments));
        try {
          const result = Reflect.apply(original, this, passed as never[]);
          orElse(undefined, () => noteResult(result, folder));
          return result;
        } catch (error) {
          orElse(undefined, () => noteResult(error, folder));
          throw error;
        }
      },
    };
    return replacement as Callable;
  });
}

/** The arguments with an environment with which the child is traced; the same where that is so. */
function withOptions(args: readonly unknown[], isShell: boolean, environments: GivenEnvironments): unknown[] {
  const list = !isShell && Array.isArray(args[1]) ? (args[1] as unknown[]).map(String) : [];
  const at = isShell ? 1 : args.length > 1 && (Array.isArray(args[1]) || args[1] == null) ? 2 : 1;
  const options = (args[at] ?? {}) as Options;
  if (typeof options !== 'object' || typeof args[0] !== 'string') return [...args];
  const hasShell = isShell || (options['shell'] !== undefined && options['shell'] !== false);
  const command = [args[0], ...list].join(' ');
  const program: StartedProgram = {
    ...(hasShell ? { file: '/bin/sh', args: ['sh', '-c', command] } : { file: args[0], args: ['', ...list] }),
    uid: options['uid'] as number | undefined,
  };
  const given = { ...((options['env'] as Variables | undefined) ?? process.env) };
  const env = environments.forProcess(given, program);
  if (env === null) return [...args];
  const passed = [...args];
  // A hole before the options: the arguments were left out.
  if (passed.length < at) passed.push(undefined);
  passed[at] = { ...options, env };
  return passed;
}

function noteResult(result: unknown, folder: string): void {
  if (typeof result !== 'object' || result === null) return;
  const { pid, signal } = result as { readonly pid?: unknown; readonly signal?: unknown };
  if (typeof pid === 'number' && typeof signal === 'string') endOf(pid, signal, folder);
}

/**
 * A worker inherits our option, unless it is given an environment or arguments for Node: then its
 * options are read anew. A proxy leaves the class, its subclasses and its prototype as they are.
 */
function patchWorker(
  environments: GivenEnvironments,
  { onWorkerText, onWorker }: StartListeners,
): () => void {
  const { Worker } = workerThreads;
  const ours: typeof Worker = new Proxy(Worker, {
    construct(target, args: unknown[], newTarget) {
      const [text, options] = args as [unknown, { readonly eval?: unknown } | null | undefined];
      if (typeof text === 'string' && options?.eval === true) orElse(undefined, () => onWorkerText(text));
      const passed = orElse(args, () => withWorkerOptions(args, environments));
      const worker = Reflect.construct(target, passed, newTarget === ours ? target : newTarget) as Worker;
      orElse(undefined, () => onWorker(worker, options));
      return worker;
    },
  });
  const restore = replaceBuiltin(workerThreads, 'Worker', () => ours as unknown as Callable);
  const former = Object.getOwnPropertyDescriptor(Worker.prototype, 'constructor')!;
  Object.defineProperty(Worker.prototype, 'constructor', { ...former, value: ours });
  return () => {
    restore();
    Object.defineProperty(Worker.prototype, 'constructor', former);
  };
}

function withWorkerOptions(args: readonly unknown[], environments: GivenEnvironments): unknown[] {
  const options = args[1] as Options | null | undefined;
  if (typeof options !== 'object' || options === null) return [...args];
  const { env, execArgv } = options;
  const hasEnv = typeof env === 'object' && env !== null;
  // Without both it inherits; `SHARE_ENV` is a symbol, and inherits too.
  if ((!hasEnv && !Array.isArray(execArgv)) || typeof env === 'symbol') return [...args];
  const given = environments.forWorker(hasEnv ? (env as Variables) : process.env);
  return given === null ? [...args] : [args[0], { ...options, env: given }, ...args.slice(2)];
}

function orElse<T>(otherwise: T, work: () => T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
