/**
 * Says in the part of a process how it ended, where the process cannot say so itself; its parent
 * saw it, and nobody writes the part any more. A part that tells of a signal, or of the code of an
 * end, keeps that.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { flagReader, KIND, KINDS, LANGUAGE, PROCESS_END } from '../trace/format/kinds.ts';
import { RECORD_BYTES, flagsOf } from '../trace/format/layout.ts';
import { decodePartHead, PART_END_OFFSET, PART_HEAD_BYTES, parsePartName } from '../trace/format/part.ts';
import { recordOf } from './part-file.ts';

/** As they were before the program could replace them. */
const { readdirSync, openSync, closeSync, fstatSync, readSync, writeSync } = fs;

const endKindOf = flagReader(KINDS.processEnd.flags.how);

/**
 * A signal ended the process. Call it when the system has reported the end. It never throws.
 * @param tNs when the end was seen, monotonic
 */
export function endKilledProcess(folder: string, pid: number, signal: number, tNs: bigint): void {
  withLastSegment(folder, pid, (fd) => {
    const { size } = fstatSync(fd);
    const end = size - (Math.max(0, size - PART_HEAD_BYTES) % RECORD_BYTES);
    if (end < PART_HEAD_BYTES) return;
    if (readSync(fd, last, 0, RECORD_BYTES, PART_END_OFFSET) === RECORD_BYTES && isEnd(last)) return;
    last.fill(0);
    if (end > PART_HEAD_BYTES) readSync(fd, last, 0, RECORD_BYTES, end - RECORD_BYTES);
    if (isEnd(last)) return;
    const record = recordOf(tNs, KIND.processEnd, PROCESS_END.signal);
    record.setUint32(16, signal, true);
    // Room that was taken in advance is behind the last record: the head has a place of its own.
    const isRoomLeft = end > PART_HEAD_BYTES && last[RECORD_BYTES - 1] === 0;
    writeSync(fd, new Uint8Array(record.buffer), 0, RECORD_BYTES, isRoomLeft ? PART_END_OFFSET : end);
  });
}

/**
 * The process ended with this code. A Python process does not know the code of `sys.exit` when it
 * writes its last record. It never throws.
 */
export function noteExitCode(folder: string, pid: number, exitCode: number): void {
  withLastSegment(folder, pid, (fd) => {
    const head = new Uint8Array(PART_HEAD_BYTES);
    if (readSync(fd, head, 0, PART_HEAD_BYTES, 0) < PART_HEAD_BYTES) return;
    const decoded = decodePartHead(head);
    if (typeof decoded === 'string' || decoded.language !== LANGUAGE.python) return;
    const view = new DataView(head.buffer, PART_END_OFFSET, RECORD_BYTES);
    if (!isEnd(new Uint8Array(head.buffer, PART_END_OFFSET, RECORD_BYTES))) return;
    if (endKindOf(flagsOf(view.getUint32(28, true))) !== PROCESS_END.exit) return;
    view.setUint32(12, exitCode, true);
    writeSync(fd, head, PART_END_OFFSET, RECORD_BYTES, PART_END_OFFSET);
  });
}

const last = new Uint8Array(RECORD_BYTES);
const isEnd = (record: Uint8Array): boolean => record[RECORD_BYTES - 1] === KIND.processEnd;

function withLastSegment(folder: string, pid: number, work: (fd: number) => void): void {
  let fd = -1;
  try {
    const name = lastSegmentOf(folder, pid);
    if (name === null) return;
    fd = openSync(join(folder, name), 'r+');
    work(fd);
  } catch {
    // It stays a process without a recorded end.
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** Of the process that had the number last; null: it recorded nothing. */
function lastSegmentOf(folder: string, pid: number): string | null {
  let last: { readonly name: string; readonly start: number; readonly segment: number } | null = null;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${pid}-`)) continue;
    const parsed = parsePartName(name);
    if (parsed === null) continue;
    const start = Number.parseInt(parsed.series.slice(parsed.series.indexOf('-') + 1), 16);
    if (last === null || start > last.start || (start === last.start && parsed.segment > last.segment))
      last = { name, start, segment: parsed.segment };
  }
  return last?.name ?? null;
}
