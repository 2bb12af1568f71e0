/**
 * A process's recording: opens the part, hands out writers, starts the helper thread, and
 * at the end writes what is left. Where no folder can be written it says so with `null` and nothing is recorded.
 * Whoever cannot have the helper thread (the permission model refuses threads) drains on a timer that keeps nothing alive.
 */
import { Worker, threadId } from 'node:worker_threads';
import { KIND, LANE_END } from '../trace/format/kinds.ts';
import { builtIns } from './built-ins.ts';
import { drain, withLock } from './drain.ts';
import { DEFAULT_LIMITS, PartFile, type PartLimits, type PartPlace, recordOf } from './part-file.ts';
import { RingWriter } from './ring-writer.ts';
import type { ShipperData } from './shipper-thread.ts';
import { withoutNextTick } from './without-next-tick.ts';
import {
  M,
  R,
  RINGS,
  RING_STATE,
  ROW,
  ROWS_AT,
  claimRing,
  createSharedMemory,
  openSharedMemory,
  releaseRing,
} from './shared-memory.ts';

/** What a worker thread of the same process needs to record into the same part. Cloneable. */
export interface SharedRecording {
  readonly buffer: SharedArrayBuffer;
  readonly place: PartPlace;
  readonly limits: PartLimits;
  readonly whenFull: 'drop' | 'wait';
}

export interface Recording {
  readonly shared: SharedRecording;
  /** This thread's writer; `null` when all rings are taken. */
  readonly writer: RingWriter | null;
  /** Starts the helper thread; the thread, or `null` where threads are refused. */
  startShipper(script: URL): Worker | null;
  /** Writes everything that is in the rings now; false when the lock could not be had in time. */
  flush(): boolean;
  /** A thread is gone; if it could not say so itself (it was terminated), its lane ends here and its ring is free. */
  threadEnded(threadId: number, exitCode: number): void;
  /** Writes everything, and `last` after it; then nothing more is written. */
  finish(last: Uint8Array | null): void;
}

const FLUSH_MS = 20;
/** Longer than a write to a slow disk takes, short enough not to be felt at a program's end. */
const SHIPPER_TIMEOUT_MS = 500;

export interface RecordingOptions {
  readonly folder: string;
  readonly whenFull?: 'drop' | 'wait';
  readonly limits?: Partial<PartLimits>;
  readonly mainRingBytes?: number;
}

/** Opens this process's part in `folder`; `null` when that is not possible. */
export function startRecording(options: RecordingOptions): Recording | null {
  const startNs = builtIns.now();
  const place = {
    folder: options.folder,
    pid: process.pid,
    startNs,
    wallNs: BigInt(builtIns.wallMs()) * 1_000_000n,
  };
  const memory = createSharedMemory(options.mainRingBytes);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const file = new PartFile(memory, place, limits);
  if (!file.open()) return null;
  file.appendClock();
  return joinRecording({ buffer: memory.buffer, place, limits, whenFull: options.whenFull ?? 'drop' });
}

/** For a worker thread: records into the part that the main thread opened. */
export function joinRecording(shared: SharedRecording): Recording {
  const memory = openSharedMemory(shared.buffer);
  const file = new PartFile(memory, shared.place, shared.limits);
  const flush = (): boolean => withLock(memory, SHIPPER_TIMEOUT_MS, () => drain(memory, file));
  const row = claimRing(memory, threadId);
  const writer =
    row < 0 ? null : new RingWriter({ memory, row, whenFull: shared.whenFull, drainHere: flush });
  let ended = false;

  const flushOnTimer = (): void => {
    if (ended) return;
    flush();
    builtIns.setTimeout(flushOnTimer, FLUSH_MS).unref();
  };

  return {
    shared,
    writer,
    flush,
    startShipper(script) {
      const workerData: ShipperData = { simul: 'shipper', ...shared };
      try {
        // No flags and no environment: the helper must not load the instrument again.
        const worker = withoutNextTick(
          () =>
            new Worker(script, {
              workerData,
              execArgv: [],
              env: {},
              stdin: false,
              trackUnmanagedFds: false,
              name: 'simul',
            }),
        );
        worker.unref();
        // A helper that fails must not be an uncaught error of the program.
        worker.on('error', flushOnTimer);
        return worker;
      } catch {
        flushOnTimer();
        return null;
      }
    },
    threadEnded(id, exitCode) {
      if (ended) return;
      withLock(memory, SHIPPER_TIMEOUT_MS, () => {
        const { words } = memory;
        for (let row = ROWS_AT + ROW; row < ROWS_AT + RINGS * ROW; row += ROW) {
          if (words[row + R.state] !== RING_STATE.used || words[row + R.thread] !== id) continue;
          drain(memory, file);
          const end = recordOf(builtIns.now(), KIND.laneEnd, LANE_END.terminated, words[row + R.lane]);
          end.setInt32(12, exitCode, true);
          file.append(new Uint8Array(end.buffer), 0, end.byteLength);
          releaseRing(memory, row);
        }
      });
    },
    finish(last) {
      if (ended) return;
      ended = true;
      builtIns.store(memory.words, M.ending, 1);
      builtIns.notify(memory.words, M.ending);
      builtIns.notify(memory.words, M.asleep);
      withLock(memory, SHIPPER_TIMEOUT_MS, () => {
        drain(memory, file);
        file.appendLast(last);
      });
    },
  };
}
