/**
 * What the process loses when `process.exit` ends it: bytes that were written to a stream and not
 * yet given to the system. It asks for the streams that Node's loop holds, and for file streams,
 * which the loop does not know. It opens no stream.
 */
import { createRequire } from 'node:module';
import type { WriteStream } from 'node:fs';
import { Socket } from 'node:net';
import { builtIns } from '../../../recorder/built-ins.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';

export interface UnwrittenOutput {
  /** "stdout", "the file report.txt", "a connection to 127.0.0.1:80". */
  readonly text: string;
  readonly bytes: number;
}

const { apply } = builtIns;
const MIN_PRUNED = 64;
const getActiveHandles = (process as unknown as { _getActiveHandles?: () => unknown[] })._getActiveHandles;
const STANDARD: Readonly<Record<number, string>> = { 1: 'stdout', 2: 'stderr' };

export class UnwrittenOutputs {
  #files: WeakRef<WriteStream>[] = [];
  #pruneAt = MIN_PRUNED;

  /** @returns what restores the original */
  watchFiles(): () => void {
    const fs = createRequire(import.meta.url)('node:fs') as object;
    const note = (stream: unknown): void => this.#note(stream as WriteStream);
    return replaceBuiltin(fs, 'createWriteStream', (original) => {
      return {
        createWriteStream(this: unknown, ...args: unknown[]): unknown {
          const stream: unknown = apply(original, this, args);
          note(stream);
          return stream;
        },
      }.createWriteStream as (...args: never[]) => unknown;
    });
  }

  /** As of now, the most first. */
  list(): UnwrittenOutput[] {
    const found: UnwrittenOutput[] = [];
    const active = getActiveHandles === undefined ? [] : (apply(getActiveHandles, process, []) as unknown[]);
    for (const handle of new Set(active)) {
      if (!(handle instanceof Socket)) continue;
      const { fd, writableLength: bytes } = handle as Socket & { readonly fd?: number };
      const peer = `${handle.remoteAddress ?? '?'}:${handle.remotePort ?? '?'}`;
      if (bytes > 0) found.push({ text: STANDARD[fd ?? -1] ?? `a connection to ${peer}`, bytes });
    }
    const messages = queuedMessages();
    if (messages > 0) found.push({ text: 'messages to the parent process', bytes: messages });
    for (const ref of this.#files) {
      const stream = ref.deref();
      if (stream === undefined || stream.destroyed || stream.writableLength === 0) continue;
      const path = String(stream.path);
      found.push({ text: `the file ${path.slice(path.search(/[^\\/]*$/))}`, bytes: stream.writableLength });
    }
    return found.sort((a, b) => b.bytes - a.bytes);
  }

  #note(stream: WriteStream): void {
    if (typeof stream !== 'object' || stream === null) return;
    if (this.#files.length >= this.#pruneAt) {
      const isOpen = (ref: WeakRef<WriteStream>): boolean => ref.deref()?.destroyed === false;
      this.#files = this.#files.filter(isOpen);
      this.#pruneAt = Math.max(MIN_PRUNED, this.#files.length * 2);
    }
    this.#files.push(new WeakRef(stream));
  }
}

/** Bytes of messages to the parent that its pipe has not taken yet. */
function queuedMessages(): number {
  const key = Object.getOwnPropertySymbols(process).find((each) => each.description === 'kChannelHandle');
  const handle: unknown = key === undefined ? null : Reflect.get(process, key);
  if (typeof handle !== 'object' || handle === null) return 0;
  const bytes: unknown = Reflect.get(handle, 'writeQueueSize');
  return typeof bytes === 'number' ? bytes : 0;
}
