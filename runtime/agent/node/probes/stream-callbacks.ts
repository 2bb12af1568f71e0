/**
 * Streams that stand still since a function of the program's that works for them has not called
 * back: `transform(chunk, encoding, callback)` and its like. They are looked at when the process
 * does little and when it ends, and are not held.
 *
 * Node's own state of the stream tells. A transform that has called `push` into a full stream waits
 * for its reader, and not for its callback.
 */
import { types } from 'node:util';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap, SafeRef } from '../../../recorder/built-ins.ts';
import { isObject, plainProperty, typeNameOf } from '../builtins/inspect-safely.ts';
import type { ThreadContext } from './thread-context.ts';

const { getOwnPropertyDescriptor, getWeak, matches, ownKeys, setWeak } = builtIns;
const MISSING = FACT['missing-callback'];
const MAX_STREAMS = 1000;
/** Of one stream. */
const MAX_METHODS = 8;
const CONSTRUCTS = /(?:^|[._])construct$/;
const WRITES = /(?:^|[._])(?:transform|writev?)$/;
const ENDS = /(?:^|[._])(?:flush|final)$/;

export interface StreamCallbacks {
  /** The function at this site works for a stream, if it is one of Node's. */
  note(stream: unknown, site: number): void;
  /** Writes a fact for each stream that stands still. */
  report(): void;
}

export function createStreamCallbacks({
  recorder,
  sites,
}: Pick<ThreadContext, 'recorder' | 'sites'>): StreamCallbacks {
  /** By stream: the sites of the functions that work for it. */
  const methods = new WeakMap<object, number[]>();
  let streams: SafeRef<object>[] = [];
  /** What these sites work for is no stream of Node's. */
  const others = new SafeMap<number, true>();

  function note(stream: unknown, site: number): void {
    if (typeof stream !== 'object' || stream === null || others.has(site)) return;
    const known = getWeak(methods, stream);
    if (known !== undefined) {
      for (let i = 0; i < known.length; i++) if (known[i] === site) return;
      if (known.length < MAX_METHODS) known[known.length] = site;
      return;
    }
    if (types.isProxy(stream) || !isObject(plainProperty(stream, '_writableState'))) {
      others.set(site, true);
      return;
    }
    setWeak(methods, stream, [site]);
    if (streams.length >= MAX_STREAMS) prune();
    if (streams.length < MAX_STREAMS) streams[streams.length] = new SafeRef(stream);
  }

  function prune(): void {
    const left: SafeRef<object>[] = [];
    for (let i = 0; i < streams.length; i++) {
      const stream = streams[i]!.deref();
      if (stream !== undefined && !isOver(stateOf(stream))) left[left.length] = streams[i]!;
    }
    streams = left;
  }

  function siteOf(stream: object, names: RegExp): number {
    const known = getWeak(methods, stream)!;
    for (let i = 0; i < known.length; i++)
      if (matches(names, sites.functionName(known[i]!)) !== null) return known[i]!;
    return 0;
  }

  function reportOf(stream: object): void {
    const state = stateOf(stream);
    if (isOver(state)) return;
    const isMade = state.constructed !== false;
    const isWriting = state.writing === true;
    const isEnding = state.finalCalled === true && state.prefinished !== true;
    if (isMade && (isWriting ? waitsForReader(stream) : !isEnding)) return;
    const site = siteOf(stream, !isMade ? CONSTRUCTS : isWriting ? WRITES : ENDS);
    if (site === 0) return;
    sites.waitFlags(site);
    const fn = sites.functionName(site);
    const text = matches(/\./, fn) === null ? `${fn} of a ${typeNameOf(stream) || 'stream'}` : fn;
    recorder.write(KIND.fact, MISSING, 0, site, recorder.defineText(text), 0, 0);
  }

  return {
    // Near the end of the stack there may be too little of it.
    note(stream, site) {
      try {
        note(stream, site);
      } catch {}
    },

    report() {
      for (let i = 0; i < streams.length; i++) {
        const stream = streams[i]!.deref();
        if (stream !== undefined) reportOf(stream);
      }
    },
  };
}

/** What Node keeps of a stream's writing side: its accessors run no code of the program's. */
interface WritableState {
  readonly constructed?: unknown;
  readonly writing?: unknown;
  readonly finalCalled?: unknown;
  readonly prefinished?: unknown;
  readonly destroyed?: unknown;
  readonly errored?: unknown;
}

function stateOf(stream: object): WritableState {
  const state = plainProperty(stream, '_writableState');
  return typeof state === 'object' && state !== null && !types.isProxy(state) ? state : {};
}

function isOver({ destroyed, errored }: WritableState): boolean {
  return destroyed === true || (errored !== null && errored !== undefined);
}

/** A transform keeps its callback by a symbol that Node does not export. */
function waitsForReader(stream: object): boolean {
  const keys = ownKeys(stream);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (typeof key === 'symbol' && key.description === 'kCallback')
      return typeof getOwnPropertyDescriptor(stream, key)?.value === 'function';
  }
  return false;
}
