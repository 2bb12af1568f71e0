/**
 * The last record of a process or of a worker thread: how it ended, who called for it, and where.
 *
 *   exit      nothing was left to do
 *   called    `process.exit()`: found on the stack when Node tells its listeners
 *   uncaught  an error that nothing caught
 *   signal    it sent itself a signal that nothing listens to, or called `process.abort()`
 *   replaced  it became another program (`process.execve`)
 *
 * What Node tells nobody is seen at the functions below its own: `process.reallyExit`, which
 * `process.exit` comes to even inside an exit listener, and `process._kill`. They are replaced, and
 * nothing of ours is on the stack of the program's own code. A signal that another process sends is
 * recorded by who sees it: recorder/end-killed-process.ts.
 */
import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { KIND, LANE_END, PROCESS_END } from '../../../trace/format/kinds.ts';
import { recordOf } from '../../../recorder/part-file.ts';
import type { Recording } from '../../../recorder/recording.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { ThreadState } from '../state/thread-state.ts';

export interface EndOptions {
  readonly recording: Recording;
  readonly recorder: Recorder;
  readonly state: ThreadState;
  readonly errors: UncaughtErrors;
  /** Called before the last record: what still runs ends now. */
  readonly beforeEnd: (isUncaught: boolean) => void;
  /**
   * Called before the last record of an end that is no error.
   * @param exitSite id of the site that called `process.exit`, 0: unknown; −1: nobody called it
   */
  readonly reportEnd: (exitSite: number) => void;
  readonly onSignalSent: (pid: number, signal: number) => void;
  readonly isUncaught: () => boolean;
}

export interface ThreadEnd {
  /** The thread is about to end: notes who called for it. */
  begin(): void;
  /** Writes the last record, once. @param code of Node's event */
  record(code: unknown): void;
}

interface Caller {
  readonly isCalled: boolean;
  /** Id of the task. */
  readonly by: number;
  readonly site: number;
}

/** Signals that end a process which does not listen to them, under Node. */
const DEADLY = new Set(
  (
    [
      ...([
        'SIGHUP',
        'SIGINT',
        'SIGQUIT',
        'SIGILL',
        'SIGTRAP',
        'SIGABRT',
        'SIGBUS',
        'SIGFPE',
        'SIGKILL',
      ] as const),
      ...([
        'SIGSEGV',
        'SIGUSR2',
        'SIGALRM',
        'SIGTERM',
        'SIGSTKFLT',
        'SIGXCPU',
        'SIGVTALRM',
        'SIGPROF',
      ] as const),
      ...(['SIGIO', 'SIGPOLL', 'SIGPWR', 'SIGSYS'] as const),
    ] as const
  ).flatMap((name) => (constants.signals as Partial<Record<string, number>>)[name] ?? []),
);
const SIGABRT = constants.signals.SIGABRT;

const { listenerCount } = process;

export function watchEndCalls(options: EndOptions): ThreadEnd {
  const { recording, recorder, state, errors, beforeEnd, reportEnd } = options;
  let caller: Caller | null = null;
  let hasEnded = false;

  function begin(): void {
    caller ??= callerOf(/^ {4}at process\.(?:exit|reallyExit) /m);
  }

  function callerOf(call: RegExp | null): Caller {
    const { text, site } = errors.stackHere();
    const isCalled = call === null || call.test(text);
    return isCalled ? { isCalled, by: state.current?.id ?? 0, site } : { isCalled, by: 0, site: 0 };
  }

  function record(code: unknown): void {
    if (hasEnded) return;
    begin();
    hasEnded = true;
    const exitCode = exitCodeOf(code);
    const isUncaught = options.isUncaught() && exitCode !== 0;
    beforeEnd(isUncaught);
    const { isCalled, by, site } = caller!;
    const how = isUncaught ? 'uncaught' : isCalled ? 'called' : 'exit';
    if (how !== 'uncaught') quietly(() => reportEnd(isCalled ? site : -1));
    quietly(() => recording.noteTimes());
    if (isMainThread) {
      recording.finish(processEnd({ how: PROCESS_END[how], by, exitCode, site }));
    } else {
      recorder.write(KIND.laneEnd, LANE_END[how], by, exitCode, site, 0, 0);
      recorder.close();
      recording.flush();
    }
  }

  /** The process ends by what it calls now, whichever of its threads calls it. */
  function recordCall(how: number, signal: number): void {
    const { by, site } = callerOf(null);
    if (isMainThread) beforeEnd(false);
    quietly(() => recording.noteTimes());
    recording.finish(processEnd({ how, by, signal, site }));
  }

  function processEnd(end: {
    readonly how: number;
    readonly by: number;
    readonly site: number;
    readonly exitCode?: number;
    readonly signal?: number;
  }): Uint8Array {
    const last = recordOf(recorder.clock(), KIND.processEnd, end.how);
    last.setUint32(8, end.by, true);
    last.setInt32(12, end.exitCode ?? 0, true);
    last.setUint32(16, end.signal ?? 0, true);
    last.setUint32(20, end.site, true);
    return new Uint8Array(last.buffer);
  }

  /** Calls `before` with the arguments, then the function of `process` itself. */
  function watch(name: string, before: (args: readonly unknown[]) => void): void {
    replaceBuiltin(process, name, (original) => {
      const { [name]: replacement } = {
        [name](this: unknown, ...args: unknown[]): unknown {
          quietly(() => before(args));
          return Reflect.apply(original, this, args);
        },
      };
      return replacement as (...args: never[]) => unknown;
    });
  }

  watch('reallyExit', ([code]) => record(code));
  if (isMainThread) {
    replaceBuiltin(process, 'abort', (original) => {
      // V8 prints the stack of the call. It asks for the trap, gets none, and calls Node's own.
      return new Proxy(original, {
        get apply(): undefined {
          quietly(() => recordCall(PROCESS_END.signal, SIGABRT));
          return undefined;
        },
      } as object);
    });
  }
  watch('_kill', ([pid, signal]) => {
    if (typeof pid === 'number' && typeof signal === 'number' && signal > 0)
      options.onSignalSent(pid, signal);
    if (pid !== process.pid && pid !== 0) return;
    const name = Object.keys(constants.signals).find(
      (key) => constants.signals[key as NodeJS.Signals] === signal,
    );
    if (!DEADLY.has(signal as number) || name === undefined) return;
    // Whatever listens may end the process in its own way.
    if (Reflect.apply(listenerCount, process, [name]) > 0) recording.flush();
    else recordCall(PROCESS_END.signal, signal as number);
  });
  if (isMainThread && 'execve' in process) watch('execve', () => recordCall(PROCESS_END.replaced, 0));

  return { begin, record };
}

/**
 * The exit code. The listeners have run, and may have set `process.exitCode`, which wins. Where a
 * top-level await was never settled, Node 20 gives its listeners 0 and ends with 13.
 */
function exitCodeOf(eventCode: unknown): number {
  const value: unknown = process.exitCode ?? eventCode;
  const code = typeof value === 'string' ? Number(value) : value;
  return typeof code === 'number' && Number.isInteger(code) ? code : 0;
}

export function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The process ends: there is nothing left that could record a fault of ours.
  }
}
