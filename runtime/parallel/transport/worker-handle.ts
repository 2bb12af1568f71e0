/**
 * A thread or a child process that works for this one: the parent's end. It starts it, talks to it, and tells once how it ended; what it
 * works on is none of its business. Idle, it keeps nothing alive.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { WORKER_ENTRY } from '../functions/in-worker.ts';
import type { WorkerInit, FromWorker, ToWorker } from './messages.ts';
import { errorFrom } from './cloneable.ts';

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** What it died of, where Node told. */
  readonly cause: unknown;
}

export interface WorkerHandle {
  /** Throws what cannot be cloned. */
  post(message: ToWorker): void;
  /** Ends it at once. */
  kill(signal?: NodeJS.Signals): void;
  /** Whether it keeps this process alive. */
  ref(on: boolean): void;
  readonly pid: number | undefined;
}

export interface WorkerHandleEvents {
  message(message: FromWorker): void;
  /** The last that is heard of it. */
  exited(how: WorkerExit): void;
  /** Whether it has work: at the end of this process an idle one ends by itself, any other has to be ended. */
  isBusy(): boolean;
}

/** Child processes that have not ended, and what asks whether they have work. */
const livingChildren = new Map<ChildProcess, () => boolean>();

/** Nobody will hear what they do: a process that computes would not even see that its parent is gone. After Python, which ends daemonic children so. */
function endBusyChildren(): void {
  for (const [child, isBusy] of livingChildren) if (isBusy()) child.kill('SIGTERM');
}

const HERE = new URL('.', import.meta.url).href;
/** Bundled, the entry lies beside this code; else one folder up. */
const url = new URL(HERE.endsWith('/transport/') ? `../${WORKER_ENTRY}` : `./${WORKER_ENTRY}`, HERE);

export function startThread(begin: WorkerInit, events: WorkerHandleEvents): WorkerHandle {
  const worker = new Worker(url, { workerData: { simul: 'parallel', begin }, name: begin.name });
  let cause: unknown;
  worker.on('message', events.message);
  worker.on('error', (error) => (cause = error));
  worker.on('messageerror', (error) => {
    cause = error;
    void worker.terminate();
  });
  worker.on('exit', (code) => events.exited({ code, signal: null, cause }));
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    kill: () => void worker.terminate(),
    ref: (on) => (on ? worker.ref() : worker.unref()),
    pid: undefined,
  };
}

export function startProcess(begin: WorkerInit, events: WorkerHandleEvents): WorkerHandle {
  const child: ChildProcess = fork(fileURLToPath(url), [], {
    serialization: 'advanced',
    execArgv: inheritedFlags(process.execArgv),
  });
  if (livingChildren.size === 0) process.on('exit', endBusyChildren);
  livingChildren.set(child, () => events.isBusy());
  let cause: unknown;
  let over = false;
  const gone = (code: number | null, signal: string | null): void => {
    if (over) return;
    over = true;
    livingChildren.delete(child);
    if (livingChildren.size === 0) process.removeListener('exit', endBusyChildren);
    events.exited({ code, signal, cause });
  };
  child.on('message', (message: FromWorker) => {
    if ('died' in message) cause = errorFrom(message.died);
    else events.message(message);
  });
  child.on('error', (error) => {
    cause ??= error;
    // It could not be started, or not be reached: an exit may never come.
    if (child.pid === undefined) gone(null, null);
  });
  // What it sent before it ended is still under way when it exits: the channel closes after that.
  child.on('exit', (code, signal) => {
    if (!child.connected) return setImmediate(gone, code, signal);
    child.once('disconnect', () => gone(code, signal));
    return undefined;
  });
  child.send({ begin } satisfies ToWorker);
  const ref = (on: boolean): void => {
    if (on) child.ref();
    else child.unref();
    if (on) child.channel?.ref();
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

/** The parent's flags, without those that name a program of its own or open a port. */
function inheritedFlags(flags: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i]!;
    if (/^(-e|--eval|-p|--print|-pe|-i|--interactive|-c|--check|--test)$/.test(flag)) {
      if (/^(-e|--eval|-p|--print|-pe)$/.test(flag) && flags[i + 1]?.startsWith('-') === false) i++;
    } else if (!/^(--inspect|--input-type|--watch|--eval=|--print=|--test)/.test(flag)) kept.push(flag);
  }
  return kept;
}
