/**
 * What a worker process of a pool has begun and answered, in a file that it shares with its pool.
 * A process that SIGKILL ends can say nothing more; what it wrote to a file before is there. Before
 * a call begins, its serial is written, with the answers that are not surely sent. The pool reads
 * the file when the process has ended, so that only the call that ran then is lost. One write of a
 * few bytes takes some 0.8 µs. A thread needs no journal: CallClaims are in memory of both.
 *
 *   entry   u32 bytes of the entry, i32 serial of the call that begins, answers
 *   answer  i32 serial, u8 outcome, u8 form,
 *           number f64 | nothing for undefined | u32 bytes, JSON or as `v8.serialize` writes it
 *
 * The last entry is followed by a 0. Without a file that both can use there is no journal: the pool
 * then knows what a process had begun only from one that can still speak.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { CallOutcome } from './messages.ts';

/** As they are before the program can replace them. */
const { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } = fs;

/** Where the process has its journal. */
export const JOURNAL_FD = 4;

const ENTRY_BYTES = 8;
const ANSWER_BYTES = 6;
/** The journal takes so many bytes before its answers have to be sent. */
const MAX_BYTES = 1 << 20;
/** A larger answer is sent at once, and is not in the journal. */
const MAX_ANSWER_BYTES = 1 << 14;

/** The pool's end. @returns null where no file can be made. */
export function openJournal(): CallJournal | null {
  // Memory where there is some: nothing waits for a disk then.
  for (const folder of process.platform === 'linux' ? ['/dev/shm', tmpdir()] : [tmpdir()]) {
    const path = join(folder, `simul-${randomUUID()}`);
    try {
      const fd = openSync(path, 'wx+', 0o600);
      // It is gone with its last descriptor.
      unlinkSync(path);
      return new CallJournal(fd);
    } catch {
      // Another folder, or none.
    }
  }
  return null;
}

export interface JournalContents {
  /** In the form of a message's. */
  readonly answers: readonly unknown[];
  /** The serial of the call that began last. */
  readonly lastStarted: number | null;
}

export class CallJournal {
  readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
  }

  /** Reads what the process has written, when it has ended, and closes the file. */
  takeAll(): JournalContents {
    const contents = this.read();
    closeSync(this.fd);
    return contents;
  }

  read(): JournalContents {
    const bytes = Buffer.alloc(fstatSync(this.fd).size);
    readSync(this.fd, bytes, 0, bytes.length, 0);
    const answers: unknown[] = [];
    let lastStarted: number | null = null;
    for (let at = 0; at + ENTRY_BYTES <= bytes.length;) {
      const end = at + bytes.readUInt32LE(at);
      if (end === at) break;
      lastStarted = bytes.readInt32LE(at + 4);
      for (at += ENTRY_BYTES; at < end;) at = readAnswer(bytes, at, answers);
    }
    return { answers, lastStarted };
  }
}

/** How a value is written. Serializing takes 1 µs, JSON a quarter. */
const FORM = { serialized: 0, number: 1, undefined: 2, json: 3 } as const;

/** @returns where the next answer begins. */
function readAnswer(bytes: Buffer, from: number, answers: unknown[]): number {
  const form = bytes[from + 5];
  const at = from + ANSWER_BYTES;
  let end = at;
  let value: unknown;
  if (form === FORM.number) {
    value = bytes.readDoubleLE(at);
    end += 8;
  } else if (form !== FORM.undefined) {
    end += 4 + bytes.readUInt32LE(at);
    const written = bytes.subarray(at + 4, end);
    value = form === FORM.json ? JSON.parse(written.toString()) : deserialize(written);
  }
  answers.push(bytes.readInt32LE(from), bytes[from + 4], value);
  return end;
}

/** @returns null for what is large, or cannot be serialized. */
function serializeSmall(value: unknown, isJson: boolean): string | Buffer | null {
  if (typeof value === 'string' && value.length > MAX_ANSWER_BYTES) return null;
  if (ArrayBuffer.isView(value) && value.byteLength > MAX_ANSWER_BYTES) return null;
  try {
    const serialized = isJson ? JSON.stringify(value) : serialize(value);
    return serialized.length <= MAX_ANSWER_BYTES ? serialized : null;
  } catch {
    return null;
  }
}

/** The process's end. */
export class JournalWriter {
  readonly #fd: number;
  #bytes = Buffer.alloc(1 << 12);
  /** Of the entry that is not written yet. */
  #length = ENTRY_BYTES;
  /** Where the entry goes. */
  #position = 0;
  /** Answers may be only here. */
  #hasUnsent = false;
  /** The file took no more. */
  #isBroken = false;

  constructor(fd: number = JOURNAL_FD) {
    this.#fd = fd;
  }

  /** It holds as much as it may: what it holds has to be sent before the next call begins. */
  get isFull(): boolean {
    return this.#position + this.#length > MAX_BYTES;
  }

  /**
   * Keeps an answer, which is written when the next call begins.
   * @param isJson whether JSON holds all of the value.
   * @returns false if it cannot.
   */
  keep(serial: number, outcome: CallOutcome, value: unknown, isJson: boolean): boolean {
    if (this.#isBroken) return false;
    const hasBytes = typeof value !== 'number' && value !== undefined;
    const serialized = hasBytes ? serializeSmall(value, isJson) : '';
    if (serialized === null) return false;
    // A character has three bytes at most.
    this.#reserve(ANSWER_BYTES + 8 + 3 * serialized.length);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes.writeInt32LE(serial, at);
    bytes[at + 4] = outcome;
    bytes[at + 5] = !hasBytes
      ? value === undefined
        ? FORM.undefined
        : FORM.number
      : typeof serialized === 'string'
        ? FORM.json
        : FORM.serialized;
    at += ANSWER_BYTES;
    if (typeof value === 'number') at = bytes.writeDoubleLE(value, at);
    else if (hasBytes) {
      const length =
        typeof serialized === 'string' ? bytes.write(serialized, at + 4) : serialized.copy(bytes, at + 4);
      at = bytes.writeUInt32LE(length, at) + length;
    }
    this.#length = at;
    this.#hasUnsent = true;
    return true;
  }

  /** All that was answered is in the hands of the system. */
  allSent(): void {
    this.#hasUnsent = false;
  }

  /** Before the call begins. */
  begin(serial: number): void {
    if (this.#isBroken) return;
    if (!this.#hasUnsent) {
      this.#position = 0;
      this.#length = ENTRY_BYTES;
    }
    this.#reserve(4);
    const length = this.#length;
    this.#bytes.writeUInt32LE(length, 0);
    this.#bytes.writeInt32LE(serial, 4);
    this.#bytes.writeUInt32LE(0, length);
    try {
      const written = writeSync(this.#fd, this.#bytes, 0, length + 4, this.#position);
      this.#isBroken = written !== length + 4;
    } catch {
      this.#isBroken = true;
    }
    this.#position += length;
    this.#length = ENTRY_BYTES;
  }

  /** Makes room for so many bytes of the entry. */
  #reserve(bytes: number): void {
    const needed = this.#length + bytes + 4;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.alloc(2 * needed);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
