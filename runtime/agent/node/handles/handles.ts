/**
 * The room's door: what keeps the process alive, what it loses when it ends, and where in the
 * program that was made. Whatever it does not get to know is missing in the recording; the program
 * goes on.
 */
import type { Worker } from 'node:worker_threads';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { undoAll } from '../builtins/replace-builtin.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { type FunctionAt, HttpRequests } from './http-requests.ts';
import { LiveHandles } from './live-handles.ts';
import { Origins } from './origins.ts';
import { FILE_CALLS, FileUpdates } from './file-updates.ts';
import { PendingWrites } from './pending-writes.ts';
import { HandleReports } from './report-handles.ts';
import { ServerUses } from './server-uses.ts';
import { UnwrittenOutputs } from './unwritten-output.ts';
import { patchHandles } from './patch-handles.ts';
import { WatchedTimers } from './watched-timers.ts';

export interface Handles {
  /** A timer was made just now. */
  readonly onTimer: (name: string, delay: unknown, timer: unknown) => void;
  readonly onTimerFired: (delay: unknown, timer: object) => void;
  readonly onWorker: (worker: Worker) => void;
  readonly onChild: (child: object) => void;
  /** Where such things were made. */
  readonly origins: Origins;
  /** Id of the site that made it, or 0. */
  readonly siteOf: (thing: object) => number;
  /** What writes files. */
  readonly writes: PendingWrites;
  /** By the name of a function of `fs/promises`: what is told of its calls. */
  readonly fileCalls: Readonly<Record<string, (args: readonly unknown[], result: unknown) => void>>;
  /** Nothing happens: writes what the process waits for. */
  readonly reportLive: () => void;
  /** The process ends, see process-end.ts. */
  readonly reportEnd: (exitSite: number) => void;
  readonly restore: () => void;
}

export interface HandleOptions {
  readonly recorder: Recorder;
  readonly state: ThreadState;
  readonly errors: UncaughtErrors;
  readonly functionAt: FunctionAt;
}

export function watchHandles({ recorder, state, errors, functionAt }: HandleOptions): Handles {
  const origins = new Origins(errors, state);
  errors.siteOfFailed = (error) => origins.siteOfFailed(error);
  const timers = new WatchedTimers(origins);
  const serverUses = new ServerUses();
  const live = new LiveHandles(origins, timers, serverUses);
  const outputs = new UnwrittenOutputs();
  const requests = new HttpRequests(errors, origins, functionAt, () => recorder.clock());
  requests.taskNow = () => state.current?.id ?? state.creator;
  requests.onSecond = ({ site, firstSite, status, how, afterUs }) => {
    const task = requests.taskNow();
    const text = recorder.defineText(`${how}|${status}`);
    recorder.write(KIND.fact, FACT['answered-again'], task, site, text, firstSite, afterUs);
  };
  const writes = new PendingWrites(origins);
  const updates = new FileUpdates(recorder, origins);
  const fileCalls = { ...writes.calls };
  for (const name of FILE_CALLS) {
    const begun = fileCalls[name];
    fileCalls[name] = (args, result) => {
      begun?.(args, result);
      updates.noteCall(name, args);
    };
  }
  const reports = new HandleReports(recorder, { handles: live, timers, outputs, requests, writes });
  const undo = [
    patchHandles({ origins, serverUses, handles: live, requests }),
    outputs.watchFiles(),
    requests.watch(),
    () => timers.restore(),
  ];
  return {
    onTimer(name, delay, timer) {
      try {
        timers.noteMade(name, delay, timer);
      } catch {
        // It stays unknown.
      }
    },
    writes,
    fileCalls,
    origins,
    onWorker: (worker) => live.noteWorker(worker),
    onTimerFired: (delay, timer) => timers.noteFired(delay, timer),
    onChild: (child) => origins.noteMade(child),
    siteOf: (thing) => origins.of(thing)?.site ?? 0,
    reportLive() {
      try {
        reports.reportLive();
      } catch {
        // Nothing is said of this moment.
      }
    },
    reportEnd: (exitSite) => reports.reportEnd(exitSite),
    restore: () => undoAll(undo),
  };
}
