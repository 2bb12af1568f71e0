/**
 * Readable streams whose end somebody waits for, and that nobody has begun to read: what has come
 * stays in them, so that the end never does. They are looked at when the process does little and
 * when it ends, by Node's own state of the stream, and are not held.
 */
import { Readable } from 'node:stream';
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeRef } from '../../../recorder/built-ins.ts';
import { isObject, plainProperty, typeNameOf } from '../builtins/inspect-safely.ts';
import type { ThreadContext } from './thread-context.ts';

const { apply, getOwnPropertyDescriptor, getWeak, setWeak } = builtIns;
const MAX_STREAMS = 256;

interface Awaited {
  readonly stream: SafeRef<object>;
  /** Of the wait, or of the promise around it. */
  readonly site: number;
}

export interface UnreadStreams {
  /** Somebody begins to wait for the end of what may be a stream. */
  noteAwaited(stream: object, name: string, siteOf: () => number): void;
  /** Writes a fact for each that nobody reads. */
  report(): void;
  /** Where somebody began last to wait for the end of a stream, as far as that is known; else 0. */
  awaitedAt(stream: object): number;
}

export function createUnreadStreams({
  recorder,
  sites,
}: Pick<ThreadContext, 'recorder' | 'sites'>): UnreadStreams {
  let awaited: Awaited[] = [];
  const ends = new WeakMap<object, number>();

  return {
    awaitedAt: (stream) => getWeak(ends, stream) ?? 0,

    noteAwaited(stream, name, siteOf) {
      if ((name !== 'end' && name !== 'close' && name !== 'finish') || types.isProxy(stream)) return;
      if (isObject(plainProperty(stream, '_writableState'))) setWeak(ends, stream, siteOf());
      if (name === 'finish') return;
      if (!isObject(plainProperty(stream, '_readableState'))) return;
      if (awaited.length >= MAX_STREAMS) awaited = openOf(awaited);
      if (awaited.length < MAX_STREAMS)
        awaited[awaited.length] = { stream: new SafeRef(stream), site: siteOf() };
    },

    report() {
      const left: Awaited[] = [];
      for (let i = 0; i < awaited.length; i++) {
        const { stream: ref, site } = awaited[i]!;
        const stream = ref.deref();
        if (stream === undefined || !isOpen(awaited[i]!)) continue;
        const bytes = ask('readableLength', stream);
        if (!isUnread(stream) || typeof bytes !== 'number' || bytes === 0) {
          left[left.length] = awaited[i]!;
          continue;
        }
        sites.waitFlags(site);
        const unit = ask('readableObjectMode', stream) === true ? ' of objects' : '';
        const text = recorder.defineText((typeNameOf(stream) || 'stream') + unit);
        recorder.write(KIND.fact, FACT['unread-stream'], 0, site, text, 0, bytes);
      }
      awaited = left;
    },
  };
}

function openOf(awaited: readonly Awaited[]): Awaited[] {
  const open: Awaited[] = [];
  for (let i = 0; i < awaited.length; i++) if (isOpen(awaited[i]!)) open[open.length] = awaited[i]!;
  return open;
}

/** Its end may still come. */
function isOpen({ stream: ref }: Awaited): boolean {
  const stream = ref.deref();
  return stream !== undefined && ask('destroyed', stream) !== true && ask('readableEnded', stream) !== true;
}

/** Nobody has begun: no listener, no pipe, no loop over it. */
function isUnread(stream: object): boolean {
  if (ask('readableFlowing', stream) !== null || ask('readableDidRead', stream) === true) return false;
  const listeners = plainProperty(stream, '_events');
  return (
    typeof listeners === 'object' &&
    listeners !== null &&
    plainProperty(listeners, 'readable') === undefined &&
    plainProperty(listeners, 'data') === undefined
  );
}

/** By Node's own accessors: they run no code of the program's. */
function ask(name: string, stream: object): unknown {
  const getter = getOwnPropertyDescriptor(Readable.prototype, name)?.get;
  return getter === undefined ? undefined : apply(getter, stream, []);
}
