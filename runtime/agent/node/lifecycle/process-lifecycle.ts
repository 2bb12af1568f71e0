/**
 * The first and the last words of a process (or of a worker thread) in a recording: begin, an error
 * that nothing caught, end. Node tells of these through `process.emit`, which we stand in front of: so no listener
 * of ours is counted, none of the user's comes after our last word, and no signal is handled.
 */
import type { EventEmitter } from 'node:events';
import { type Worker, isMainThread, threadId } from 'node:worker_threads';
import {
  KIND,
  LANE_END,
  LANE_KIND,
  LANGUAGE,
  LINK_KIND,
  LINK_WAY,
  PROCESS_END,
  START_METHOD,
} from '../../../trace/format/kinds.ts';
import { recordOf } from '../../../recorder/part-file.ts';
import type { Recording } from '../../../recorder/recording.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { disguiseAs } from '../builtins/replace-builtin.ts';
import { typeNameOf } from '../builtins/inspect-safely.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';

export function recordProcessBegin(recorder: Recorder): void {
  if (isMainThread) {
    const flags = LANGUAGE.node | (START_METHOD.program << 4);
    const argv = recorder.text(process.argv.join(' '));
    recorder.write(
      KIND.processBegin,
      flags,
      0,
      process.pid,
      process.ppid,
      argv,
      recorder.text(process.version),
    );
    recorder.write(KIND.laneBegin, LANE_KIND.main, 0, process.pid, recorder.text('main'), 0, 0);
  } else {
    const name = recorder.text(`worker#${threadId}`);
    recorder.write(KIND.laneBegin, LANE_KIND.worker, 0, 0, name, 0, 0);
    // The other end is written by the thread that made this one (watchWorker).
    const flags = LINK_WAY.receive | (LINK_KIND.spawn << 4);
    recorder.write(KIND.link, flags, 0, process.pid, threadId, 0, 0);
  }
}

export interface LifecycleOptions {
  readonly recording: Recording;
  readonly recorder: Recorder;
  readonly moment: ThreadState;
  readonly errors: UncaughtErrors;
  /** The helper thread, of which `process.on('worker')` must not tell. */
  readonly helper: () => unknown;
  /** Called before the last record: what still runs ends now. */
  readonly ending: () => void;
}

/** Watches for the end; from then on `recording.finish` has written everything. */
export function watchProcessEnd({
  recording,
  recorder,
  moment,
  errors,
  helper,
  ending,
}: LifecycleOptions): void {
  let uncaught = false;

  function sayUncaught(error: unknown): void {
    uncaught = true;
    errors.uncaught(error);
  }

  function sayEnd(code: unknown): void {
    ending();
    const exitCode = exitCodeOf(code);
    if (isMainThread) {
      const how = PROCESS_END[uncaught && exitCode !== 0 ? 'uncaught' : 'exit'];
      const last = recordOf(recorder.clock(), KIND.processEnd, how);
      last.setInt32(12, exitCode, true);
      recording.finish(new Uint8Array(last.buffer));
    } else {
      const how = LANE_END[uncaught && exitCode !== 0 ? 'uncaught' : 'exit'];
      recorder.write(KIND.laneEnd, how, 0, exitCode, 0, 0, 0);
      recorder.close();
      recording.flush();
    }
  }

  wrapProcessMethod(process, (event, argument, pass, second) => {
    if (event === 'worker' && (argument === helper() || isHooksThread(argument))) return false;
    if (event === 'uncaughtExceptionMonitor') quietly(() => sayUncaught(argument));
    if (event === 'worker') quietly(() => watchWorker(argument as Worker));
    const isRejection = event === 'unhandledRejection';
    if (isRejection) quietly(() => errors.unhandled(argument, second));
    if (!isRejection && event !== 'uncaughtException' && event !== 'exit') return pass();
    let isHeard: unknown = false;
    try {
      return (isHeard = pass());
    } finally {
      // Where nobody listens, Node ends the program and shows the line of the error, which it finds only as long as nobody has read the stack.
      if (!isRejection || isHeard === true) quietly(() => errors.report());
      if (event === 'exit') quietly(() => sayEnd(argument));
    }
  });

  /** A thread that is terminated cannot say so itself. Node tells of a new worker in a tick of its creator. */
  function watchWorker(worker: Worker): void {
    const { threadId: id } = worker;
    const token = process.pid;
    const flags = LINK_WAY.send | (LINK_KIND.spawn << 4);
    recorder.write(KIND.link, flags, moment.current?.id ?? moment.creator, token, id, 0, 0);
    wrapProcessMethod(worker, (event, argument, pass) => {
      if (event === 'exit') quietly(() => recording.threadEnded(id, Number(argument)));
      return pass();
    });
  }
}

/**
 * What the process will end with: the listeners have run, and may have set it. It is to be had from `process.exitCode`
 * alone where a top-level await was never settled: Node 20 then tells its listeners 0 and ends with 13.
 */
function exitCodeOf(told: unknown): number {
  const set: unknown = process.exitCode ?? told;
  const code = typeof set === 'string' ? Number(set) : set;
  return typeof code === 'number' && Number.isInteger(code) ? code : 0;
}

/** The thread on which Node 20 runs load hooks: the loader made it, and it runs nothing of the user's. */
function isHooksThread(worker: unknown): boolean {
  return typeNameOf(worker as object) === 'InternalWorker';
}

/** Sees each event before the emitter's listeners do. */
function wrapProcessMethod(
  emitter: EventEmitter,
  see: (event: unknown, argument: unknown, pass: () => unknown, second: unknown) => unknown,
): void {
  const former = emitter.emit as (this: unknown, ...args: unknown[]) => unknown;
  const { emit } = {
    emit(this: unknown, ...args: unknown[]): unknown {
      return see(args[0], args[1], () => Reflect.apply(former, this, args), args[2]);
    },
  };
  Object.defineProperty(emitter, 'emit', {
    value: disguiseAs(emit as (...args: never[]) => unknown, former as (...args: never[]) => unknown),
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The program is ending; a fault of ours here can be told to nobody.
  }
}
