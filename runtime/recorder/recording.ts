/**
 * A process's recording: opens the part, hands out writers, starts the shipper thread, and writes
 * what is left at the end. Where the folder cannot be written it returns `null`, and nothing is
 * recorded. Where threads are refused (Node's permission model), a timer that keeps nothing alive
 * empties the rings instead of the shipper.
 */
import { Worker, isMainThread, threadId } from 'node:worker_threads';
import { KIND, LANE_END } from '../trace/format/kinds.ts';
import { builtIns } from './built-ins.ts';
import { breakLock, drain, withLock } from './drain.ts';
import { DEFAULT_LIMITS, PartFile, type PartLimits, type PartPlace, recordOf } from './part-file.ts';
import { CountingRecorder } from './counting-recorder.ts';
import { RingWriter } from './ring-writer.ts';
import type { ShipperData } from './shipper-thread.ts';
import { SharedStand } from './shared-stand.ts';
import { inspectorRefusal } from './inspector-flags.ts';
import { osThreadId, readThreadTimes } from './thread-times.ts';
import { timesRecord } from './times-watch.ts';
import { withoutNextTick } from './without-next-tick.ts';
import {
  CONTROL,
  RING_ROW,
  MAX_RINGS,
  RING_STATE,
  SHIPPER,
  RING_ROW_WORDS,
  FIRST_RING_ROW,
  claimRing,
  createSharedMemory,
  openSharedMemory,
  releaseRing,
} from './shared-memory.ts';

/** What a worker thread needs to record into its process's part. Can be cloned. */
export interface SharedRecording {
  readonly buffer: SharedArrayBuffer;
  readonly place: PartPlace;
  readonly limits: PartLimits;
  readonly whenFull: 'drop' | 'wait';
}

export interface Recording {
  readonly shared: SharedRecording;
  readonly stand: SharedStand;
  /** This thread's; where all rings are taken it only counts. */
  readonly writer: RingWriter | CountingRecorder;
  /**
   * Starts the shipper thread; null: threads are refused.
   * @param onQuiet called when nothing has happened for a second, on this thread
   */
  startShipper(script: URL, onQuiet?: () => void): Worker | null;
  /** Writes all that is in the rings now; false: another thread held the lock for too long. */
  flush(): boolean;
  /**
   * A thread is gone. When it was terminated and could not record its own end, its lane ends here
   * and its ring becomes free.
   * @param by id of the task that terminated it, or 0
   * @param site id of the line where it did, or 0
   */
  threadEnded(threadId: number, exitCode: number, by?: number, site?: number): void;
  /** Records what the system says of this thread's time. */
  noteTimes(): void;
  /** Writes all that is in the rings, then `last`; nothing is written after that. */
  finish(last: Uint8Array | null): void;
}

/** Period of the timer that empties the rings where there is no shipper thread. */
const FLUSH_MS = 20;
/** Longer than a write to a slow disk takes, and too short to be felt at a program's end. */
const LOCK_TIMEOUT_MS = 500;

export interface RecordingOptions {
  readonly folder: string;
  readonly whenFull?: 'drop' | 'wait';
  readonly limits?: Partial<PartLimits>;
  readonly mainRingBytes?: number;
}

/** Opens this process's part in `folder`; null: it cannot be written. */
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

/** Records into the part that the process's main thread opened. */
export function joinRecording(shared: SharedRecording): Recording {
  const memory = openSharedMemory(shared.buffer);
  const file = new PartFile(memory, shared.place, shared.limits, isMainThread);
  const ends = new Int32Array(MAX_RINGS);
  const flush = (isPatient = true): boolean =>
    withLock(memory, isPatient ? LOCK_TIMEOUT_MS : 0, () => drain(memory, file, ends));
  const append = (record: Uint8Array): void => {
    withLock(memory, LOCK_TIMEOUT_MS, () => {
      drain(memory, file, ends);
      file.append(record, 0, record.length);
    });
  };
  const row = claimRing(memory, threadId);
  if (row >= 0) memory.words[row + RING_ROW.osThread] = osThreadId();
  const writer =
    row < 0
      ? new CountingRecorder(memory, append)
      : new RingWriter({ memory, row, whenFull: shared.whenFull, drain: flush });
  let isFinished = false;

  const flushOnTimer = (): void => {
    if (isFinished) return;
    flush();
    builtIns.setTimeout(flushOnTimer, FLUSH_MS).unref();
  };

  return {
    shared,
    stand: new SharedStand(memory.words),
    writer,
    flush,
    startShipper(script, onQuiet) {
      const workerData: ShipperData = {
        simul: 'shipper',
        ...shared,
        mayInspect: inspectorRefusal() === null,
      };
      // Until it empties its first rings the writers do.
      builtIns.store(memory.words, CONTROL.shipper, SHIPPER.starting);
      try {
        // No flags and no environment: the shipper must not load the instrument again.
        const worker = withoutNextTick(
          () =>
            new Worker(script, {
              workerData,
              execArgv: [],
              env: {},
              // Else Node opens the program's output to pass on what the thread writes.
              stdout: true,
              stderr: true,
              stdin: false,
              trackUnmanagedFds: false,
              name: 'simul',
            }),
        );
        if (onQuiet !== undefined) worker.on('message', onQuiet);
        // A listener makes it count again.
        worker.unref();
        // A shipper that fails must not be an uncaught error of the program.
        worker.on('error', () => {
          builtIns.store(memory.words, CONTROL.shipper, SHIPPER.starting);
          flushOnTimer();
        });
        return worker;
      } catch {
        flushOnTimer();
        return null;
      }
    },
    threadEnded(id, exitCode, by = 0, site = 0) {
      if (isFinished) return;
      breakLock(memory, id);
      withLock(memory, LOCK_TIMEOUT_MS, () => {
        const { words } = memory;
        for (
          let row = FIRST_RING_ROW + RING_ROW_WORDS;
          row < FIRST_RING_ROW + MAX_RINGS * RING_ROW_WORDS;
          row += RING_ROW_WORDS
        ) {
          if (words[row + RING_ROW.state] !== RING_STATE.used || words[row + RING_ROW.thread] !== id)
            continue;
          drain(memory, file);
          const end = recordOf(builtIns.now(), KIND.laneEnd, LANE_END.terminated, words[row + RING_ROW.lane]);
          end.setInt32(8, by, true);
          end.setInt32(12, exitCode, true);
          end.setInt32(16, site, true);
          file.append(new Uint8Array(end.buffer), 0, end.byteLength);
          releaseRing(memory, row);
        }
      });
    },
    noteTimes() {
      if (row < 0 || isFinished) return;
      const { words } = memory;
      const osThread = words[row + RING_ROW.osThread]!;
      const times = osThread === 0 ? null : readThreadTimes(osThread);
      if (times !== null) append(timesRecord(builtIns.now(), words[row + RING_ROW.lane]!, times));
    },
    finish(last) {
      if (isFinished) return;
      isFinished = true;
      builtIns.store(memory.words, CONTROL.ending, 1);
      builtIns.notify(memory.words, CONTROL.ending);
      builtIns.notify(memory.words, CONTROL.shipper);
      // At the end of a process Node tells people of a session that is open still.
      builtIns.wait(memory.words, CONTROL.inspecting, 1, LOCK_TIMEOUT_MS);
      withLock(memory, LOCK_TIMEOUT_MS, () => {
        drain(memory, file);
        file.appendLast(last);
      });
    },
  };
}
