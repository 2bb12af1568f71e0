/**
 * Says in the part of a process that a signal ended it. Such a process cannot say so itself; its
 * parent saw it, and nobody writes the part any more. A part that has its end keeps it.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { KIND, PROCESS_END } from '../trace/format/kinds.ts';
import { RECORD_BYTES } from '../trace/format/layout.ts';
import { PART_HEAD_BYTES, parsePartName } from '../trace/format/part.ts';
import { recordOf } from './part-file.ts';

/** As they were before the program could replace them. */
const { readdirSync, openSync, closeSync, fstatSync, readSync, writeSync } = fs;

/**
 * Call it when the system has reported the end of the process. It never throws.
 * @param tNs when the end was seen, monotonic
 */
export function endKilledProcess(folder: string, pid: number, signal: number, tNs: bigint): void {
  let fd = -1;
  try {
    const name = lastSegmentOf(folder, pid);
    if (name === null) return;
    fd = openSync(join(folder, name), 'r+');
    const { size } = fstatSync(fd);
    const end = size - (Math.max(0, size - PART_HEAD_BYTES) % RECORD_BYTES);
    if (end < PART_HEAD_BYTES) return;
    const kind = new Uint8Array(1);
    if (end > PART_HEAD_BYTES) readSync(fd, kind, 0, 1, end - 1);
    if (kind[0] === KIND.processEnd) return;
    const record = recordOf(tNs, KIND.processEnd, PROCESS_END.signal);
    record.setUint32(16, signal, true);
    writeSync(fd, new Uint8Array(record.buffer), 0, RECORD_BYTES, end);
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
