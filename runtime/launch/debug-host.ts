/**
 * Opens recordings for the debugger: a saved trace in slices, so that requests are answered and the
 * progress is shown meanwhile; a recording as it grows. Sources are read where they may be: a trace
 * is hostile input, and names any file that it likes.
 */
import { readFileSync, statSync } from 'node:fs';
import {
  MAX_TRACE_BYTES,
  readTraceFile,
  recordsOf,
  SAVED_BLOCK_RECORDS,
  tooLarge,
} from '../trace/format/trace-file.ts';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { Fold } from '../trace/fold/fold.ts';
import { exceededBounds } from '../trace/model/budget.ts';
import type { DebugHost, OpenedRecording, OpeningEvents } from '../debug/debug-host.ts';
import type { SourceFiles } from '../debug/places.ts';
import type { DebugRecording } from '../debug/recording.ts';
import { describeIoError } from './describe-io-error.ts';
import { follow } from './follow.ts';
import { inflateBlock } from './inflate-block.ts';
import { absolutePathOf, mayOpenWithoutAsking } from './may-open.ts';
import { holdsRecording } from './recordings.ts';

/** The event loop gets its turn after so long. */
const SLICE_MS = 30;
/** Larger files are no source that a person reads. */
const MAX_SOURCE_BYTES = 8 * 2 ** 20;

export const debugHost: DebugHost = {
  open: openForDebugger,
  files: sourceFiles,
  nowMs: () => performance.now(),
};

function openForDebugger(path: string, recording: DebugRecording, events: OpeningEvents): OpenedRecording {
  const fold = new Fold(recording.observers, recording.trace);
  let current: OpenedRecording | null = null;
  let isStopped = false;
  // Later, as everything that comes: who opens gets the handle first.
  const start = setImmediate(() => {
    if (isStopped) return;
    try {
      const stats = statSync(path);
      if (stats.isDirectory()) current = followFolder(path, fold, recording, events);
      else if (stats.isFile()) current = readFile(path, stats.size, fold, recording, events);
      else events.onRefusal(`${path} cannot be opened: it is neither a file nor a folder`);
    } catch (error) {
      events.onRefusal(`${path} cannot be opened: ${describeIoError(error)}`);
    }
  });
  return {
    stop: () => {
      isStopped = true;
      clearImmediate(start);
      current?.stop();
    },
  };
}

function followFolder(
  path: string,
  fold: Fold,
  { troubles, trace }: DebugRecording,
  events: OpeningEvents,
): OpenedRecording {
  if (!holdsRecording(path)) {
    events.onRefusal(`${path} holds no recording: there is no *.part file in it`);
    return { stop: () => undefined };
  }
  return follow(path, {
    onBlock: (part, records) => fold.feed(part, records),
    onCaughtUp: events.onUpdate,
    onTrouble: (words) => void troubles.push(words),
    onLetGo: events.onLetGo,
    onEnd: () => {
      fold.end();
      troubles.push(...exceededBounds(trace));
      events.onUpdate();
    },
  });
}

function readFile(
  path: string,
  size: number,
  fold: Fold,
  { troubles, trace }: DebugRecording,
  events: OpeningEvents,
): OpenedRecording {
  const none = { stop: () => undefined };
  const refuse = (words: string): OpenedRecording => {
    events.onRefusal(`${path} cannot be opened: ${words}`);
    return none;
  };
  if (size > MAX_TRACE_BYTES) return refuse(tooLarge(size));
  const contents = readTraceFile(readFileSync(path));
  if (typeof contents === 'string') return refuse(contents);
  const { blocks, trouble } = contents;
  const buffer = new Uint8Array(SAVED_BLOCK_RECORDS * RECORD_BYTES);
  let next = 0;
  let slice: NodeJS.Immediate | null = null;
  const readSlice = (): void => {
    const untilMs = performance.now() + SLICE_MS;
    for (; next < blocks.length && performance.now() < untilMs; next++) {
      const block = blocks[next]!;
      const records = recordsOf(block, inflateBlock(block), buffer);
      if (typeof records === 'string') troubles.push(`${path}: ${records}`);
      else fold.feed(block.part, records);
    }
    events.onProgress(next / blocks.length);
    if (next < blocks.length) {
      slice = setImmediate(readSlice);
      return;
    }
    fold.end();
    if (trouble !== null) troubles.push(`${path}: ${trouble}`);
    troubles.push(...exceededBounds(trace));
    // A saved trace never grows, also where its program ran on.
    trace.isOver = true;
    if (trace.events === 0 && troubles.length > 0) events.onRefusal(troubles.join('; '));
    else events.onUpdate();
  };
  readSlice();
  return {
    stop: () => {
      if (slice !== null) clearImmediate(slice);
    },
  };
}

function sourceFiles(folders: readonly string[]): SourceFiles {
  return {
    pathOf: absolutePathOf,
    read: (path) => {
      if (!mayOpenWithoutAsking(path, folders)) return null;
      try {
        if (statSync(path).size > MAX_SOURCE_BYTES) return null;
        return readFileSync(path, 'utf8');
      } catch {
        // It is gone: what was recorded of it is shown.
        return null;
      }
    },
  };
}
