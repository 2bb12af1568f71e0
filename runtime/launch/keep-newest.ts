/**
 * Keeps the newest of a recording that nears its size limit: the follower lets go of the oldest
 * segments, and a checkpoint (trace/format/checkpoint.ts) takes their place. A part that is written
 * keeps its last segment; of a process that has ended all may go, and at last the process itself.
 *
 *   0000 0001 0002 0003 …        written, then renamed to 0002.kept; then 0000–0002 are removed
 *   └── 0002.kept ──┘ 0003 …     a reader that finds both takes the checkpoint
 *
 * It reads one segment at a time, in pieces between which the event loop goes on. What fails is
 * tried again in the next round; the agents stop at the limit by themselves.
 */
import {
  closeSync,
  fsyncSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Checkpoint } from '../trace/format/checkpoint.ts';
import { KEPT_REASON } from '../trace/format/kinds.ts';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import {
  decodePartHead,
  encodePartHead,
  keptPartName,
  parsePartName,
  PART_HEAD_BYTES,
  type PartHead,
} from '../trace/format/part.ts';
import { liveFiles, type PartFileName } from './held-files.ts';
import { isProcessAlive } from './is-process-alive.ts';

/** Above the first share of the limit room is made, down to the second. */
const FULL_SHARE = 0.8;
const TARGET_SHARE = 0.7;
/** A checkpoint has at most this share of the limit. */
const CHECKPOINT_SHARE = 1 / 8;
/** The next look is due when a fast program could have filled the recording, but within these. */
const MAX_BYTES_A_MS = 200_000;
const MIN_REST_MS = 100;
const MAX_REST_MS = 1000;
/** Let go in one round: what is remembered of it stays small. */
const MAX_ROUND_BYTES = 16 << 20;
const READ_BYTES = 256 << 10;
const PRIVATE_MODE = 0o600;
const UNFINISHED = '.kept.tmp';

export interface KeepingNewest {
  /** No further round begins. Resolves when the last one is over. */
  stop(): Promise<void>;
}

interface SizedFile extends PartFileName {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly isLast: boolean;
}

export function keepNewest(folder: string, limitBytes: number): KeepingNewest {
  let isStopped = false;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  const schedule = (ms: number): void => {
    if (isStopped) return;
    timer = setTimeout(() => {
      running = makeRoom(folder, limitBytes)
        .catch(() => ({ hasLetGo: false, leftBytes: 0 }))
        .then(({ hasLetGo, leftBytes }) => schedule(hasLetGo ? 0 : restFor(leftBytes)));
    }, ms);
    timer.unref();
  };
  schedule(MIN_REST_MS);
  return {
    stop: async () => {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}

const restFor = (leftBytes: number): number =>
  Math.max(MIN_REST_MS, Math.min(MAX_REST_MS, leftBytes / MAX_BYTES_A_MS));

export interface Room {
  readonly hasLetGo: boolean;
  /** Until room has to be made. */
  readonly leftBytes: number;
}

/**
 * One round.
 * @throws the system's error where the folder cannot be read or written
 */
export async function makeRoom(folder: string, limitBytes: number): Promise<Room> {
  const files = listFiles(folder);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const leftBytes = limitBytes * FULL_SHARE - total;
  if (leftBytes >= 0) return { hasLetGo: false, leftBytes };
  let excess = Math.min(total - limitBytes * TARGET_SHARE, MAX_ROUND_BYTES);
  const lastOf = new Map<string, SizedFile>();
  // The oldest first, whatever process wrote it.
  const candidates = files
    .filter(({ isKept, isLast, series }) => !isKept && (!isLast || hasEnded(series)))
    .sort((a, b) => a.mtimeMs - b.mtimeMs);
  for (const file of candidates) {
    if (excess <= 0) break;
    lastOf.set(file.series, file);
    excess -= file.bytes;
  }
  const removed: SizedFile[][] = [];
  for (const [series, last] of lastOf) {
    const old = files.filter((file) => file.series === series && file.segment <= last.segment);
    if (last.isLast) removed.push(old);
    else await replace(folder, old, limitBytes);
  }
  // What was removed before stands in a checkpoint of which nothing else is left.
  if (removed.length > 0) {
    removed.push(
      ...files
        .filter(({ isKept, isLast, series }) => isKept && isLast && hasEnded(series))
        .map((file) => [file]),
    );
    await removeProcesses(folder, removed, limitBytes);
  }
  return { hasLetGo: lastOf.size > 0, leftBytes: 0 };
}

/** The files that count; what an interrupted round has left behind is removed. */
function listFiles(folder: string): SizedFile[] {
  const names = readdirSync(folder);
  const live = liveFiles(names);
  const counting = new Set(live.map(({ name }) => name));
  for (const name of names) {
    const isOld = parsePartName(name) !== null && !counting.has(name);
    if (isOld || name.endsWith(UNFINISHED)) rmSync(join(folder, name), { force: true });
  }
  return live.flatMap((file, i) => {
    const stats = statSync(join(folder, file.name), { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return [];
    const isLast = live[i + 1]?.series !== file.series;
    return [{ ...file, bytes: stats.size, mtimeMs: stats.mtimeMs, isLast }];
  });
}

const hasEnded = (series: string): boolean => !isProcessAlive(Number.parseInt(series, 10));

/** A checkpoint takes the place of these files, all of one process and in their order. */
async function replace(folder: string, files: readonly SizedFile[], limitBytes: number): Promise<void> {
  const checkpoint = new Checkpoint();
  for (const { name } of files) await readInto(checkpoint, join(folder, name));
  const maxRecords = (limitBytes * CHECKPOINT_SHARE) / RECORD_BYTES;
  writeCheckpoint(folder, files, checkpoint.encode({ why: KEPT_REASON.limit, limitBytes, maxRecords }));
  remove(folder, files);
}

/** Of processes that have ended one is left, and says how many records all of them had. */
async function removeProcesses(
  folder: string,
  processes: readonly (readonly SizedFile[])[],
  limitBytes: number,
): Promise<void> {
  let newest: { readonly files: readonly SizedFile[]; readonly checkpoint: Checkpoint } | null = null;
  let records = 0;
  for (const files of processes) {
    const checkpoint = new Checkpoint();
    for (const { name } of files) await readInto(checkpoint, join(folder, name));
    records += checkpoint.records + checkpoint.clocks;
    if (newest === null || checkpoint.lastNs > newest.checkpoint.lastNs) newest = { files, checkpoint };
  }
  if (newest === null) return;
  newest.checkpoint.records = records - newest.checkpoint.clocks;
  const bytes = newest.checkpoint.encode({ why: KEPT_REASON.limit, limitBytes, maxRecords: 0 });
  const name = writeCheckpoint(folder, newest.files, bytes);
  remove(
    folder,
    processes.flat().filter((file) => file.name !== name),
  );
}

async function readInto(checkpoint: Checkpoint, path: string): Promise<void> {
  const fd = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(READ_BYTES);
    for (let at = PART_HEAD_BYTES; ;) {
      const bytes = readSync(fd, buffer, 0, READ_BYTES, at);
      const whole = bytes - (bytes % RECORD_BYTES);
      if (whole === 0) return;
      checkpoint.add(buffer.subarray(0, whole));
      at += whole;
      await new Promise(setImmediate);
    }
  } finally {
    closeSync(fd);
  }
}

/** @returns the file's name */
function writeCheckpoint(folder: string, files: readonly SizedFile[], records: Uint8Array): string {
  const { series, segment } = files.at(-1)!;
  const name = keptPartName(series, segment);
  const unfinished = join(folder, `${series}${UNFINISHED}`);
  const fd = openSync(unfinished, 'w', PRIVATE_MODE);
  try {
    writeAll(fd, { ...readHead(join(folder, files[0]!.name)), segment }, records);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(unfinished, join(folder, name));
  return name;
}

function writeAll(fd: number, head: PartHead, records: Uint8Array): void {
  for (const bytes of [encodePartHead(head), records])
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

function readHead(path: string): PartHead {
  const fd = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(PART_HEAD_BYTES);
    const head = decodePartHead(bytes.subarray(0, readSync(fd, bytes, 0, PART_HEAD_BYTES, 0)));
    if (typeof head === 'string') throw new Error(head);
    return head;
  } finally {
    closeSync(fd);
  }
}

function remove(folder: string, files: readonly SizedFile[]): void {
  for (const { name } of files) rmSync(join(folder, name), { force: true });
}
