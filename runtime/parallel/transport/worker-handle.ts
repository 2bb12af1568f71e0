/**
 * A thread or a child process that works for this one: the parent's end. It starts the worker,
 * sends it messages, and reports once how it ended. What the worker does is not its concern. While
 * the worker is idle, it keeps nothing alive.
 */
import type { ChildProcess } from 'node:child_process';
import type { TransferListItem, Worker, WorkerOptions } from 'node:worker_threads';
import type { Environment, MemoryLimits, Transferable } from './node-types.ts';
import { findLoaders } from '../functions/inherited-loaders.ts';
import type { FromWorker, ToWorker, WorkerInit, WorkerStart } from './messages.ts';
import { checkAttached } from './move.ts';
import { deserializeError } from './serialized-error.ts';
import { createProcess, createThread } from './start-worker.ts';

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The error that the worker died of, where Node told it. */
  readonly cause: unknown;
  /** Its code threw that error where nothing caught it; else it was the system, or a message. */
  readonly wasThrown: boolean;
}

export interface WorkerHandle {
  /**
   * @param transfer what goes to a thread for good.
   * @throws DataCloneError for what cannot be cloned.
   */
  post(message: ToWorker, transfer?: readonly Transferable[] | null): void;
  /** Ends the worker at once. */
  kill(signal?: 'SIGTERM' | 'SIGKILL'): void;
  /** @param keepsAlive whether the worker keeps this process alive. */
  ref(keepsAlive: boolean): void;
  readonly pid: number | undefined;
}

export interface WorkerHandleEvents {
  message(message: FromWorker): void;
  /** The last event of a worker. */
  exited(exit: WorkerExit): void;
  /**
   * Whether the worker has work. At the end of this process an idle worker ends by itself; a busy
   * one has to be ended.
   */
  isBusy(): boolean;
}

/** Child processes that have not ended, each with what asks whether it has work. */
const livingChildren = new Map<ChildProcess, () => boolean>();

/**
 * Nobody will read the results of busy children, and a child that computes would not even notice
 * that its parent is gone. After Python, which ends its daemonic children in the same way.
 */
function endBusyChildren(): void {
  for (const [child, isBusy] of livingChildren) if (isBusy()) child.kill('SIGTERM');
}

/** How Node starts a worker; what is left out is as in this process. */
export interface StartOptions {
  readonly env?: Environment | symbol;
  readonly execArgv?: readonly string[];
  /** Of a thread. */
  readonly resourceLimits?: MemoryLimits;
  /** The descriptor that a process has as JOURNAL_FD; null: it has none. */
  readonly journal?: number | null;
}

/** @throws Error for flags that a thread cannot have. */
export function startThread(
  init: WorkerInit,
  events: WorkerHandleEvents,
  { env, execArgv, resourceLimits }: StartOptions = {},
): WorkerHandle {
  const create = execArgv === undefined ? createInheritingThread : createThread;
  const worker = create({
    workerData: { simul: 'parallel', init, loaders: findLoaders() } satisfies WorkerStart & { simul: string },
    name: init.name,
    ...(env === undefined ? {} : { env: env as NodeJS.ProcessEnv }),
    ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    ...(resourceLimits === undefined ? {} : { resourceLimits }),
  });
  let cause: unknown;
  worker.on('message', events.message);
  let wasThrown = false;
  worker.on('error', (error) => {
    cause = error;
    wasThrown = true;
  });
  worker.on('messageerror', (error) => {
    cause = error;
    void worker.terminate();
  });
  worker.on('exit', (code) => events.exited({ code, signal: null, cause, wasThrown }));
  worker.unref();
  return {
    post: (message, transfer) => {
      if (transfer) checkAttached(transfer);
      worker.postMessage(message, (transfer ?? []) as readonly TransferListItem[]);
    },
    kill: () => void worker.terminate(),
    ref: (keepsAlive) => (keepsAlive ? worker.ref() : worker.unref()),
    pid: undefined,
  };
}

export function startProcess(
  init: WorkerInit,
  events: WorkerHandleEvents,
  { env, execArgv = inheritedFlags(process.execArgv), journal = null }: StartOptions = {},
): WorkerHandle {
  const child: ChildProcess = createProcess({
    serialization: 'advanced',
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', ...(journal === null ? [] : [journal])],
    execArgv: [...execArgv],
    ...(typeof env === 'object' ? { env } : {}),
  });
  if (livingChildren.size === 0) process.on('exit', endBusyChildren);
  livingChildren.set(child, () => events.isBusy());
  let cause: unknown;
  let wasThrown = false;
  let hasExited = false;
  const reportExit = (code: number | null, signal: string | null): void => {
    if (hasExited) return;
    hasExited = true;
    livingChildren.delete(child);
    if (livingChildren.size === 0) process.removeListener('exit', endBusyChildren);
    events.exited({ code, signal, cause, wasThrown });
  };
  child.on('message', (message: FromWorker) => {
    if ('uncaughtError' in message) {
      cause = deserializeError(message.uncaughtError);
      wasThrown = true;
    } else events.message(message);
  });
  child.on('error', (error) => {
    cause ??= error;
    // The child could not be started, or not be reached: an exit may never come.
    if (child.pid === undefined) reportExit(null, null);
  });
  // At the exit, the child's last messages are still on their way. The channel closes after them.
  child.on('exit', (code, signal) => {
    if (!child.connected) return setImmediate(reportExit, code, signal);
    child.once('disconnect', () => reportExit(code, signal));
    return undefined;
  });
  child.send({ init, loaders: findLoaders() } satisfies WorkerStart);
  const ref = (keepsAlive: boolean): void => {
    if (keepsAlive) child.ref();
    else child.unref();
    if (keepsAlive) child.channel?.ref();
    else child.channel?.unref();
  };
  ref(false);
  return {
    post: (message) => {
      if (child.connected) child.send(message, (error) => (cause ??= error ?? undefined));
    },
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    ref,
    pid: child.pid,
  };
}

/** How a worker ended, for messages: `ended with exit code 1 (too late)`. */
export function describeExit({ code, signal, cause }: WorkerExit): string {
  const end =
    signal !== null
      ? `was ended by ${signal}`
      : code === null
        ? 'could not be reached'
        : `ended with exit code ${code}`;
  return cause instanceof Error ? `${end} (${cause.message})` : end;
}

/**
 * A thread inherits the parent's flags; but with that of a program in the command line (`node
 * --input-type=module -e …`) no thread can start. Without it the flags are given one by one, and
 * those that only a whole process has (V8's) are refused, though it has them.
 */
function createInheritingThread(options: WorkerOptions): Worker {
  if (!process.execArgv.some((flag) => flag.startsWith('--input-type'))) return createThread(options);
  const execArgv = inheritedFlags(process.execArgv);
  try {
    return createThread({ ...options, execArgv });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
    return createThread({ ...options, execArgv: execArgv.filter((flag) => !message.includes(flag)) });
  }
}

/** The parent's flags, without those that name a program of its own or open a port. */
function inheritedFlags(flags: readonly string[]): string[] {
  const inherited: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i]!;
    // Its command puts itself there, and its own options behind: it is registered otherwise.
    if (/[\\/]ts-node[\\/]dist[\\/]bin(-\w+)?\.js$/.test(flag)) break;
    if (/^(-e|--eval|-p|--print|-pe|-i|--interactive|-c|--check|--test)$/.test(flag)) {
      const takesProgram = /^(-e|--eval|-p|--print|-pe)$/.test(flag);
      if (takesProgram && flags[i + 1]?.startsWith('-') === false) i++;
    } else if (!/^(--inspect|--input-type|--watch|--eval=|--print=|--test)/.test(flag)) inherited.push(flag);
  }
  return inherited;
}
