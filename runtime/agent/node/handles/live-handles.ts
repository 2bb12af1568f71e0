/**
 * What keeps the process alive at this moment, and where it was made. Node lists the handles that
 * its loop waits for (`process._getActiveHandles`); timers and workers are not among them and are
 * watched by ourselves. It runs none of the user's code, and reads no stream.
 */
import { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { type AddressInfo, Server, Socket } from 'node:net';
import { types } from 'node:util';
import { MessagePort, type Worker } from 'node:worker_threads';
import { builtIns } from '../../../recorder/built-ins.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import type { Origin, Origins } from './origins.ts';
import type { ServerUses } from './server-uses.ts';
import type { WatchedTimers } from './watched-timers.ts';

const { listenerCount } = EventEmitter.prototype;

export interface LiveHandle {
  /** What it is: "setInterval 10000 ms", "an HTTP server on port 3000". */
  readonly text: string;
  /** Ids of sites, or 0. */
  readonly site: number;
  readonly laterSite: number;
  /** Id of the activation that made it, or 0. */
  readonly creator: number;
  /** The port on which others may come to it; 0: nobody outside knows of it. */
  readonly port: number;
}

/** A connection of a server, as far as it is read here. */
interface ServerSocket extends Socket {
  readonly server?: Server | null;
  /** The answer that is under way on it. */
  readonly _httpMessage?: {
    readonly req?: { readonly method?: unknown; readonly url?: unknown };
    readonly method?: unknown;
    readonly path?: unknown;
  } | null;
}

const { apply } = builtIns;
const { get: mapGet } = Map.prototype;
const { address: addressOf } = Server.prototype;
const { isPaused } = Socket.prototype;
const getActiveHandles = (process as unknown as { _getActiveHandles?: () => unknown[] })._getActiveHandles;
/** Of a worker that is over. */
const NO_THREAD = -1;

export class LiveHandles {
  readonly #origins: Origins;
  readonly #timers: WatchedTimers;
  readonly #serverUses: ServerUses;
  readonly #workers: WeakRef<Worker>[] = [];
  readonly #unrefedWorkers = new WeakSet<Worker>();

  constructor(origins: Origins, timers: WatchedTimers, serverUses: ServerUses) {
    this.#origins = origins;
    this.#timers = timers;
    this.#serverUses = serverUses;
  }

  /** The code that runs now made a worker. */
  noteWorker(worker: Worker): void {
    this.#origins.noteMade(worker);
    this.#workers.push(new WeakRef(worker));
  }

  list(): LiveHandle[] {
    const found: LiveHandle[] = [];
    for (const { text, packageName, site, creator } of this.#timers.keepingAlive())
      found.push({ text: withPackage(text, packageName), site, creator, laterSite: 0, port: 0 });
    const active = new Set(getActiveHandles === undefined ? [] : apply(getActiveHandles, process, []));
    this.#listWorkers(active, found);
    for (const handle of active) {
      if (typeof handle !== 'object' || handle === null) continue;
      const known = this.#describe(handle);
      if (known !== null) found.push(known);
    }
    return found;
  }

  /** A worker counts itself, or by its port. */
  #listWorkers(active: Set<unknown>, found: LiveHandle[]): void {
    for (let i = this.#workers.length - 1; i >= 0; i--) {
      const worker = this.#workers[i]!.deref();
      if (worker === undefined || worker.threadId === NO_THREAD) {
        this.#workers.splice(i, 1);
        continue;
      }
      const ports = portsOf(worker);
      const port = ports.find((each) => active.delete(each));
      const isUnrefed = this.#unrefedWorkers.has(worker);
      if (isUnrefed && port === undefined) continue;
      const later = isUnrefed && port !== undefined ? (this.#origins.of(port)?.laterSite ?? 0) : 0;
      found.push(made('a worker', this.#origins.of(worker), later));
    }
  }

  /** `worker.unref()` or `worker.ref()` was called. */
  noteWorkerRef(worker: Worker, isRef: boolean): void {
    if (isRef) this.#unrefedWorkers.delete(worker);
    else this.#unrefedWorkers.add(worker);
  }

  /** Null: it is the instrument's, or not what a program waits for. */
  #describe(handle: object): LiveHandle | null {
    const origin = this.#origins.of(handle);
    if (handle instanceof Server) return this.#describeServer(handle, origin);
    if (handle instanceof ChildProcess)
      return made(`the child process ${handle.pid ?? ''}${pipesOf(handle)}`.trim(), origin);
    if (handle instanceof Socket) return this.#describeSocket(handle as ServerSocket, origin);
    // It counts since somebody listens to it.
    if (handle instanceof MessagePort)
      return {
        ...made(isBroadcast(handle) ? 'a BroadcastChannel' : 'a MessagePort', origin),
        site: origin?.laterSite ?? 0,
      };
    const name = classOf(handle);
    if (name === 'FSWatcher' || name === 'StatWatcher') return made('a watcher of files', origin);
    if (name === 'Socket') return made('a UDP socket', origin);
    return null;
  }

  #describeServer(server: Server, origin: Origin | undefined): LiveHandle {
    const address = apply(addressOf, server, []) as AddressInfo | string | null;
    // Node's `http` is not loaded for a look at its class.
    const what = 'requestTimeout' in server ? 'an HTTP server' : 'a server';
    const place = typeof address === 'object' ? `port ${address?.port ?? '?'}` : address;
    return {
      ...made(`${what} on ${place}`, origin),
      port: this.#serverUses.portForOthers(server, address),
    };
  }

  #describeSocket(socket: ServerSocket, origin: Origin | undefined): LiveHandle | null {
    const { fd, server, _httpMessage: message } = socket as ServerSocket & { readonly fd?: unknown };
    if (fd === 1 || fd === 2) return null;
    const isIdle = apply(isPaused, socket, []) === true && socket.writableLength === 0;
    if (fd === 0) return isIdle && !isAskedFor(socket) ? null : made('standard input', origin);
    if (server != null) {
      const serverOrigin = this.#origins.of(server);
      // While the server listens it is what keeps the process alive.
      if (server.listening || serverOrigin === undefined) return null;
      const request = message?.req;
      const text = request === undefined ? 'an open connection' : requestText(request.method, request.url);
      return made(`${text} to a closing server`, serverOrigin, serverOrigin.laterSite);
    }
    if (isIdle) return null;
    const host = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? '?'}`;
    return made(`a connection to ${host}`, origin);
  }
}

/** Somebody takes what comes piece by piece: a loop over the stream does. */
const isAskedFor = (stream: Socket): boolean => apply(listenerCount, stream, ['readable']) > 0;

/**
 * " with a full stdout (64 kB) that nobody reads": what the child writes waits here as far as it
 * has room, then in the pipe, and then the child waits.
 */
function unreadOutputs(child: ChildProcess): string {
  const full = (['stdout', 'stderr'] as const).flatMap((name) => {
    const stream = child[name];
    if (stream === null || stream.readableFlowing === true) return [];
    if (isAskedFor(stream as Socket)) return [];
    const { readableLength, readableHighWaterMark } = stream;
    return readableLength < Math.max(1, readableHighWaterMark)
      ? []
      : [`${name} (${Math.round(readableLength / 1000)} kB)`];
  });
  return full.length === 0 ? '' : ` with a full ${full.join(' and ')} that nobody reads`;
}

/**
 * " with an open stdin (12 bytes written)": the program wrote and did not say that this was all. Of
 * a stdin that nobody used nothing is said: most children do not read it.
 */
function openInput({ stdin }: ChildProcess): string {
  if (stdin === null || stdin.destroyed || stdin.writableEnded || stdin.writableLength > 0) return '';
  const { bytesWritten } = stdin as Partial<Socket>;
  if (typeof bytesWritten !== 'number' || bytesWritten === 0) return '';
  return ` with an open stdin (${bytesWritten} ${bytesWritten === 1 ? 'byte' : 'bytes'} written)`;
}

const pipesOf = (child: ChildProcess): string => unreadOutputs(child) || openInput(child);

const withPackage = (text: string, packageName: string): string =>
  packageName === '' ? text : `${text} of ${packageName}`;

function made(text: string, origin: Origin | undefined, later = 0): LiveHandle {
  return {
    text: withPackage(text, origin?.packageName ?? ''),
    site: origin?.site ?? 0,
    laterSite: later,
    creator: origin?.creator ?? 0,
    port: 0,
  };
}

/** "GET /orders": a query may hold what is nobody's business. */
export function requestText(method: unknown, url: unknown): string {
  const path = typeof url === 'string' ? url.replace(/[?#].*$/s, '') : '';
  return `${typeof method === 'string' ? method : 'a request'} ${path}`.trim();
}

const classOf = (object: object): string => {
  const prototype = builtIns.getPrototypeOf(object);
  const constructor: unknown =
    prototype === null ? undefined : builtIns.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof constructor === 'function' ? constructor.name : '';
};

/** The ports through which a worker speaks to its maker. */
function portsOf(worker: Worker): MessagePort[] {
  return Object.getOwnPropertySymbols(worker)
    .map((key) => Object.getOwnPropertyDescriptor(worker, key)?.value as unknown)
    .filter((value) => value instanceof MessagePort);
}

/** The port of a BroadcastChannel calls the channel by a function of Node's own. */
function isBroadcast(port: MessagePort): boolean {
  const listeners = valueBySymbol(port, 'kEvents');
  if (!types.isMap(listeners)) return false;
  const first: unknown = apply(mapGet, listeners, ['message']);
  const listener = plainProperty((plainProperty(first as object, 'next') ?? {}) as object, 'listener');
  return plainProperty((listener ?? {}) as object, 'name') === 'bound onMessageEvent';
}

function valueBySymbol(object: object, description: string): unknown {
  const key = Object.getOwnPropertySymbols(object).find((each) => each.description === description);
  return key === undefined ? undefined : Object.getOwnPropertyDescriptor(object, key)?.value;
}
