/**
 * Emitters that have closed, or ended, while somebody waits for an event of theirs that can come no
 * more: `new Promise` with listeners for 'data' and 'error' alone, `await once(socket, 'data')`.
 * They are looked at when the process does little and when it ends, by Node's own state of them,
 * and are not held.
 */
import { Readable, Writable } from 'node:stream';
import { types } from 'node:util';
import { Worker } from 'node:worker_threads';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap, SafeRef } from '../../../recorder/built-ins.ts';
import { isObject, plainProperty, typeNameOf } from '../builtins/inspect-safely.ts';
import type { Resolvers } from '../state/resolvers.ts';
import type { LostResolvers } from './lost-resolvers.ts';
import type { ThreadContext } from './thread-context.ts';

const { apply, getOwnPropertyDescriptor, getPrototypeOf, getWeak, isArray, setWeak } = builtIns;
const MAX_EMITTERS = 256;
const MAX_CLASSES = 8;
/** How an emitter came to its end; bits of the fact's amount. */
const CLOSED = 1;
const ENDED = 2;
const BY_OTHER = 4;
const NO = 0;

interface Awaited {
  readonly emitter: SafeRef<object>;
  readonly name: string;
  readonly site: number;
}

export interface ClosedEmitters {
  /** Somebody begins to wait for one event of an emitter. `siteOf` is asked once for each event. */
  noteAwaited(emitter: object, name: string, siteOf: () => number): void;
  /** Writes a fact for each that has closed. */
  report(): void;
}

export function createClosedEmitters(
  { recorder, sites }: Pick<ThreadContext, 'recorder' | 'sites'>,
  resolvers: Pick<LostResolvers, 'eachAwaited'>,
): ClosedEmitters {
  let awaited: Awaited[] = [];
  const known = new WeakMap<object, SafeMap<string, true>>();

  function write(task: number, site: number, emitter: object, events: readonly string[]): boolean {
    const how = endOf(emitter, events);
    if (how === NO) return false;
    sites.waitFlags(site);
    let text = typeNameOf(emitter) || 'emitter';
    for (let i = 0; i < events.length; i++) text += ` ${events[i]}`;
    recorder.write(KIND.fact, FACT['emitter-closed'], task, site, recorder.defineText(text), 0, how);
    return true;
  }

  function reportPromise(promise: Resolvers): void {
    const { emitter: ref, task, site } = promise;
    if (ref === null || task === 0 || site === 0 || promise.isOver) return;
    const emitter = ref.deref();
    if (emitter !== undefined && write(task, site, emitter, sites.hears(site))) promise.emitter = null;
  }

  return {
    noteAwaited(emitter, name, siteOf) {
      if (awaited.length >= MAX_EMITTERS || types.isProxy(emitter)) return;
      let names = getWeak(known, emitter);
      if (names === undefined) setWeak(known, emitter, (names = new SafeMap()));
      if (names.get(name) !== undefined) return;
      names.set(name, true);
      awaited[awaited.length] = { emitter: new SafeRef(emitter), name, site: siteOf() };
    },

    report() {
      resolvers.eachAwaited(reportPromise);
      const left: Awaited[] = [];
      for (let i = 0; i < awaited.length; i++) {
        const { emitter: ref, name, site } = awaited[i]!;
        const emitter = ref.deref();
        // One that fails tells whoever waits for one event.
        if (emitter !== undefined && !write(0, site, emitter, [name])) left[left.length] = awaited[i]!;
      }
      awaited = left;
    },
  };
}

/** Those that tell of the end itself. */
function hearsEnd(events: readonly string[]): boolean {
  return has(events, 'close') || has(events, 'exit') || has(events, 'disconnect');
}

function has(events: readonly string[], name: string): boolean {
  for (let i = 0; i < events.length; i++) if (events[i] === name) return true;
  return false;
}

/** How it has ended, so that none of the events can come any more; 0: one may. */
function endOf(emitter: object, events: readonly string[]): number {
  if (types.isProxy(emitter) || hearsEnd(events)) return NO;
  const isReadable = isObject(plainProperty(emitter, '_readableState'));
  if (isReadable || isObject(plainProperty(emitter, '_writableState')))
    return endOfStream(emitter, isReadable, events);
  if (isOf(emitter, Worker.prototype)) return ask(Worker.prototype, 'threadId', emitter) === -1 ? CLOSED : NO;
  return hasClosed(emitter) ? CLOSED : NO;
}

function endOfStream(stream: object, isReadable: boolean, events: readonly string[]): number {
  const prototype = isReadable ? Readable.prototype : Writable.prototype;
  const hasEnded = isReadable && ask(prototype, 'readableEnded', stream) === true;
  if (hasEnded && has(events, 'end')) return NO;
  if (has(events, 'finish') && ask(Writable.prototype, 'writableFinished', stream) === true) return NO;
  const byOther = hasEnded && typeof plainProperty(stream, 'connecting') === 'boolean' ? BY_OTHER : 0;
  if (ask(prototype, 'closed', stream) === true) return CLOSED | byOther;
  return hasEnded && areOfReading(events) ? ENDED | byOther : NO;
}

/** What no longer comes once all has been read, but for an error. */
function areOfReading(events: readonly string[]): boolean {
  for (let i = 0; i < events.length; i++)
    if (events[i] !== 'data' && events[i] !== 'readable' && events[i] !== 'error') return false;
  return true;
}

/** A request to a server, a child process, a line reader, a WebSocket of the package `ws`. */
function hasClosed(emitter: object): boolean {
  const { exitCode, signalCode, connected, closed, _closed, _readyState: state } = plainProperties(emitter);
  if (_closed === true) return isArray(plainProperty(emitter, 'outputData'));
  if (exitCode !== undefined && signalCode !== undefined)
    return (exitCode !== null || signalCode !== null) && connected === false;
  if (closed === true) return typeof plainProperty(emitter, 'terminal') === 'boolean';
  return state === WEBSOCKET_CLOSED && typeof plainProperty(emitter, '_closeFrameSent') === 'boolean';
}

const WEBSOCKET_CLOSED = 3;
const NAMES = ['exitCode', 'signalCode', 'connected', 'closed', '_closed', '_readyState'] as const;

function plainProperties(emitter: object): Partial<Record<(typeof NAMES)[number], unknown>> {
  const found: Partial<Record<(typeof NAMES)[number], unknown>> = {};
  for (let i = 0; i < NAMES.length; i++) found[NAMES[i]!] = plainProperty(emitter, NAMES[i]!);
  return found;
}

function isOf(object: object, prototype: object): boolean {
  let at: unknown = object;
  for (let i = 0; i < MAX_CLASSES && typeof at === 'object' && at !== null; i++) {
    if (types.isProxy(at)) return false;
    at = getPrototypeOf(at);
    if (at === prototype) return true;
  }
  return false;
}

/** By Node's own accessor: it runs no code of the program's. */
function ask(prototype: object, name: string, object: object): unknown {
  const getter = getOwnPropertyDescriptor(prototype, name)?.get;
  return getter === undefined ? undefined : apply(getter, object, []);
}
