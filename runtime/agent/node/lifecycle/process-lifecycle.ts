/**
 * The first and the last records of a process or of a worker thread: begin, uncaught errors, end.
 * Node reports these through `process.emit`, which is wrapped here. So the program counts no
 * listener of ours, none of its listeners runs after our last record, and no signal is handled.
 */
import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { Worker, isMainThread, threadId } from 'node:worker_threads';
import {
  FACT,
  KIND,
  LANE_KIND,
  LANGUAGE,
  LINK_KIND,
  LINK_WAY,
  START_METHOD,
} from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { maskSecrets } from '../../../recorder/mask-secrets.ts';
import type { Recording } from '../../../recorder/recording.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { disguiseAs } from '../builtins/replace-builtin.ts';
import { typeNameOf } from '../builtins/inspect-safely.ts';
import { watchReads } from '../builtins/watch-reads.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import { quietly, watchEndCalls } from './process-end.ts';

const { listenerCount } = process;
const SIGNALS: Readonly<Record<string, number>> = { __proto__: null as never, ...constants.signals };

export function recordProcessBegin(recorder: Recorder): void {
  if (isMainThread) {
    const flags = LANGUAGE.node | (START_METHOD.program << 4);
    const argv = recorder.defineText(maskSecrets(process.argv).join(' '));
    recorder.write(
      KIND.processBegin,
      flags,
      0,
      process.pid,
      process.ppid,
      argv,
      recorder.defineText(process.version),
    );
    recorder.write(KIND.laneBegin, LANE_KIND.main, 0, process.pid, recorder.defineText('main'), 0, 0);
  } else {
    const name = recorder.defineText(`worker#${threadId}`);
    recorder.write(KIND.laneBegin, LANE_KIND.worker, 0, 0, name, 0, 0);
    // The thread that made this one writes the other end (watchWorker).
    const flags = LINK_WAY.receive | (LINK_KIND.spawn << 4);
    recorder.write(KIND.link, flags, 0, process.pid, threadId, 0, 0);
  }
}

export interface LifecycleOptions {
  readonly recording: Recording;
  readonly recorder: Recorder;
  readonly state: ThreadState;
  readonly errors: UncaughtErrors;
  /** The helper thread: `process.on('worker')` must not report it to the program. */
  readonly helperThread: () => unknown;
  /** Called before the last record: what still runs ends now. */
  readonly beforeEnd: (isUncaught: boolean) => void;
  /** Called before the last record of an end that is no error, see process-end.ts. */
  readonly reportEnd: (exitSite: number) => void;
  readonly peers: PeerEvents;
  /** A module awaits at its top level. */
  readonly hasOpenModules: () => boolean;
  /** Nothing is left to do, and modules still wait. */
  readonly noteStuckModules: () => void;
  /** Node is about to print a line of source, and why. */
  readonly showUserLines: (cause?: unknown) => void;
}

/** What other threads and processes of the program do, as it is noted (peers/). */
export interface PeerEvents {
  /** The process is about to be told of a message. */
  readonly onMessage: () => void;
  readonly onSignal: (signal: number) => void;
  /** @param pid as the program gave it: 0 and negative ones are groups */
  readonly onSignalSent: (pid: number, signal: number) => void;
  /** Id of the resource that stands for a worker, or 0. */
  readonly resourceOf: (worker: Worker) => number;
}

/** Watches for the end. At the end, `recording.finish` writes everything that is left. */
export function watchProcessEnd({
  recording,
  recorder,
  state,
  errors,
  helperThread,
  beforeEnd,
  reportEnd,
  peers,
  hasOpenModules,
  noteStuckModules,
  showUserLines,
}: LifecycleOptions): void {
  let uncaught = false;

  function noteUncaught(error: unknown): void {
    uncaught = true;
    errors.noteUncaught(error);
  }

  const isUncaught = (): boolean => uncaught;
  /** Who called for the end of a worker last, and where. */
  const terminations = new WeakMap<object, { readonly by: number; readonly site: number }>();
  watchReads(Worker.prototype, 'terminate', (worker) => quietly(() => noteTermination(worker)));
  const { onSignalSent } = peers;
  const end = watchEndCalls({
    recording,
    recorder,
    state,
    errors,
    beforeEnd,
    reportEnd,
    onSignalSent,
    isUncaught,
  });

  wrapEmit(process, (event, argument, pass, second) => {
    if (event === 'worker' && (argument === helperThread() || isHooksThread(argument))) return false;
    if (event === 'uncaughtExceptionMonitor') {
      quietly(() => noteUncaught(argument));
      if (!isUncaughtHandled()) showUserLines(argument);
    }
    // Node 22 and newer print the line of an await that nothing settled.
    if (event === 'beforeExit' && hasOpenModules()) {
      showUserLines();
      quietly(noteStuckModules);
    }
    if (event === 'worker') quietly(() => watchWorker(argument as Worker));
    if (event === 'message') peers.onMessage();
    if (typeof event === 'string' && event in SIGNALS) quietly(() => noteSignal(event));
    const isRejection = event === 'unhandledRejection';
    if (isRejection) quietly(() => errors.noteUnhandled(argument, second));
    if (!isRejection && event !== 'uncaughtException' && event !== 'exit') return pass();
    let hasListener: unknown = false;
    let hasReturned = false;
    // Before the listeners: one of them may end the process itself.
    const isEnd = event === 'exit' && Reflect.get(process, '_exiting') !== false;
    if (isEnd) quietly(() => end.begin());
    try {
      hasListener = pass();
      hasReturned = true;
      return hasListener;
    } finally {
      // A listener threw, and Node prints its line.
      if (!hasReturned) showUserLines();
      // A rejection without a listener ends the program. Node then prints the line of the error,
      // which it finds only as long as nobody has read the stack.
      if (!isRejection || hasListener === true) quietly(() => errors.writeLast());
      if (isEnd) quietly(() => end.record(argument));
    }
  });

  /** The program listens to it, and Node calls its listeners next. */
  function noteSignal(name: string): void {
    const by = state.current?.id ?? 0;
    recorder.write(KIND.fact, FACT.signal, by, 0, recorder.defineText(name), 0, 0);
    peers.onSignal(SIGNALS[name]!);
  }

  function noteTermination(worker: object): void {
    const by = state.current?.id ?? state.creator;
    builtIns.setWeak(terminations, worker, { by, site: errors.siteHere() });
  }

  /**
   * A terminated thread cannot record its own end. Node reports a new worker in a tick of the
   * activation that made it.
   */
  function watchWorker(worker: Worker): void {
    const { threadId: id } = worker;
    const token = process.pid;
    const flags = LINK_WAY.send | (LINK_KIND.spawn << 4);
    recorder.write(
      KIND.link,
      flags,
      state.current?.id ?? state.creator,
      token,
      id,
      peers.resourceOf(worker),
      0,
    );
    wrapEmit(worker, (event, argument, pass) => {
      if (event === 'exit') {
        const { by = 0, site = 0 } = builtIns.getWeak(terminations, worker) ?? {};
        quietly(() => recording.threadEnded(id, Number(argument), by, site));
      }
      return pass();
    });
  }
}

/** Whether a listener of the program's gets uncaught errors: Node then prints nothing. */
function isUncaughtHandled(): boolean {
  return (
    builtIns.apply(listenerCount, process, ['uncaughtException']) > 0 ||
    process.hasUncaughtExceptionCaptureCallback()
  );
}

/**
 * The thread on which Node 20 runs load hooks: the loader made it, and it runs no code of the
 * user's.
 */
function isHooksThread(worker: unknown): boolean {
  return typeNameOf(worker as object) === 'InternalWorker';
}

/** `onEvent` gets each event before the emitter's listeners do, which `pass` calls. */
function wrapEmit(
  emitter: EventEmitter | NodeJS.Process,
  onEvent: (event: unknown, argument: unknown, pass: () => unknown, second: unknown) => unknown,
): void {
  const former = emitter.emit as (this: unknown, ...args: unknown[]) => unknown;
  const { emit } = {
    emit(this: unknown, ...args: unknown[]): unknown {
      return onEvent(args[0], args[1], () => builtIns.apply(former, this, args), args[2]);
    },
  };
  // What is there for `process` alone stands above it, where its own properties do not show it.
  const above = Object.getPrototypeOf(emitter) as object;
  const host = emitter === process && Object.isExtensible(above) ? above : emitter;
  Object.defineProperty(host, 'emit', {
    value: disguiseAs(emit as (...args: never[]) => unknown, former as (...args: never[]) => unknown),
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
