/**
 * Who read a file before it was written, by the functions of `fs/promises`: from that follows whose
 * change was lost. Nothing is recorded of a file that is only read or only written, and nothing of
 * what it holds.
 */
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { Origins } from './origins.ts';

/** Functions of `fs/promises` that read or write a file as a whole. */
export const FILE_CALLS = ['readFile', 'writeFile', 'copyFile', 'rename'] as const;

const MAX_FILES = 500;
/** Of one file, since it was written last. */
const MAX_READS = 32;
const MAX_FACTS = 5000;

interface Read {
  readonly task: number;
  /** 0: not known. The read counts all the same, lest an older one stand for it. */
  readonly site: number;
  readonly ns: bigint;
}

export class FileUpdates {
  readonly #recorder: Recorder;
  readonly #origins: Origins;
  /** By path; null: there were more of them than are kept, and nothing is told of that file. */
  readonly #reads = new SafeMap<string, Read[] | null>();
  #facts = 0;

  constructor(recorder: Recorder, origins: Origins) {
    this.#recorder = recorder;
    this.#origins = origins;
  }

  /** A function of `fs/promises` was called. Never throws. */
  noteCall(name: string, args: readonly unknown[]): void {
    try {
      if (name === 'readFile') this.#noteRead(args[0]);
      else this.#noteWritten(args[name === 'writeFile' ? 0 : 1]);
    } catch {
      // Near the end of the stack there may be too little of it.
    }
  }

  #noteRead(path: unknown): void {
    const task = this.#origins.creator();
    if (typeof path !== 'string' || task === 0 || this.#facts >= MAX_FACTS) return;
    let reads = this.#reads.get(path);
    if (reads === undefined) {
      if (this.#reads.size >= MAX_FILES) return;
      this.#reads.set(path, (reads = []));
    }
    if (reads === null) return;
    if (reads.length >= MAX_READS) this.#reads.set(path, null);
    else reads[reads.length] = { task, site: this.#origins.placeHere().site, ns: builtIns.now() };
  }

  #noteWritten(path: unknown): void {
    const task = this.#origins.creator();
    const reads = typeof path === 'string' ? this.#reads.get(path) : undefined;
    if (reads === undefined || reads === null || task === 0 || this.#facts >= MAX_FACTS) return;
    const { site } = this.#origins.placeHere();
    if (site === 0) return;
    const text = this.#recorder.defineText(path as string);
    const ns = builtIns.now();
    for (let i = 0; i < reads.length; i++) {
      const read = reads[i]!;
      const us = Number(ns - read.ns) / 1000;
      this.#recorder.write(KIND.fact, FACT['file-read'], read.task, read.site, text, 0, builtIns.floor(us));
    }
    this.#recorder.write(KIND.fact, FACT['file-written'], task, site, text, 0, 0);
    this.#facts += reads.length + 1;
    reads.length = 0;
  }
}
