/**
 * Requests of undici, the package's and that of Node's own `fetch`, as undici itself publishes
 * them: made, sent, answered, over. One whose answer was not read to its end keeps its connection.
 * It is told when nothing happens, or at the end, and only where the requests of one origin keep
 * all of its connections so.
 *
 * Nothing is held: neither requests nor sockets, so that what undici itself finds by garbage
 * collection it still finds. A program could see that somebody listens to these channels; with
 * NODE_DEBUG undici would then print nothing, so that nobody listens there.
 *
 * Left out: which pool a request belongs to, since no message names it, and requests that wait in a
 * pool, since undici publishes them only when they have left its queue. Who waits is known by the
 * object that the program asks (probes/receivers.ts).
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { USE } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap, SafeRef } from '../../../recorder/built-ins.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { undoAll } from '../builtins/replace-builtin.ts';
import { Returned } from '../state/returned.ts';
import type { OvertakenSaves, Save } from './overtaken-saves.ts';
import type { Asker, ConnectionRecords, ConnectionUse } from './connection-records.ts';

const { getWeak, setWeak } = builtIns;
const GAVE_BACK = USE['gave-back'];

const MAX_OPEN = 1000;
const MAX_ORIGINS = 100;
/** A younger answer may be read yet. */
const MIN_UNREAD_MS = 500;

interface OpenRequest {
  readonly asker: Asker;
  readonly origin: string;
  /** What it does now. */
  use: ConnectionUse;
  /** Since when, of the wall clock: the cheapest. */
  sinceMs: number;
  socket: SafeRef<object> | null;
  /** What was told of it, and of which resource; 0: nothing was. */
  toldUse: number;
  resource: number;
  /** Where it stands in the list of open requests; −1: it is over. */
  at: number;
  readonly save: Save | null;
}

interface Origin {
  readonly sockets: SafeRef<object>[];
  resource: number;
  capacity: number;
}

interface Message {
  readonly request?: unknown;
  readonly socket?: unknown;
  readonly response?: { readonly statusCode?: number };
}

/** In a private field of the request, as with promises (state/promise-info.ts). */
class RequestSlot extends Returned {
  readonly #open: OpenRequest;
  constructor(request: object, open: OpenRequest) {
    super(request);
    this.#open = open;
  }
  static openOf(request: object): OpenRequest | undefined {
    return #open in request ? request.#open : undefined;
  }
}

export class UndiciRequests {
  readonly #records: ConnectionRecords;
  readonly #saves: OvertakenSaves;
  /** In no order. */
  readonly #open: OpenRequest[] = [];
  readonly #origins = new SafeMap<string, Origin>();
  /** By the text of an origin. */
  readonly #hosts = new SafeMap<unknown, string>();

  constructor(records: ConnectionRecords, saves: OvertakenSaves) {
    this.#records = records;
    this.#saves = saves;
  }

  /** @returns what ends it */
  watch(): () => void {
    const undo: (() => void)[] = [];
    const on = (name: string, note: (request: object, message: Message) => void): void => {
      const listener = (message: unknown): void => {
        try {
          const { request } = message as Message;
          if (typeof request === 'object' && request !== null) note(request, message as Message);
        } catch {
          // This request is not told of.
        }
      };
      subscribe(`undici:${name}`, listener);
      undo[undo.length] = () => unsubscribe(`undici:${name}`, listener);
    };
    on('request:create', (request) => this.#noteMade(request));
    on('client:sendHeaders', (request, { socket }) => this.#noteSent(request, socket));
    on('request:headers', (request, { response }) => this.#noteAnswered(request, response?.statusCode));
    on('request:trailers', (request) => this.#noteOver(request));
    on('request:error', (request) => this.#noteOver(request));
    return () => undoAll(undo);
  }

  /** Nothing happens, or the process ends. */
  reportUnread(): void {
    const nowMs = builtIns.wallMs();
    this.#origins.forEach((origin, name) => {
      const sockets = openSockets(origin);
      const unread = this.#unreadOf(name, nowMs - MIN_UNREAD_MS);
      if (sockets.length === 0 || !areAllIn(sockets, unread)) return;
      if (origin.resource === 0 || origin.capacity !== sockets.length) {
        origin.capacity = sockets.length;
        origin.resource = this.#records.begin({
          name: `the connections to ${name}`,
          capacity: sockets.length,
          site: 0,
          creator: 0,
        });
      }
      for (let i = 0; i < this.#open.length; i++) {
        const open = this.#open[i]!;
        if (open.origin !== name) continue;
        if (open.resource === origin.resource && open.toldUse === open.use) continue;
        open.resource = origin.resource;
        open.toldUse = open.use;
        this.#records.use(open.use, open.asker, origin.resource);
      }
    });
  }

  #noteMade(request: object): void {
    const at = this.#open.length;
    if (at >= MAX_OPEN) return;
    const text = plainProperty(request, 'origin');
    const asker = this.#records.askerHere();
    const origin = this.#hostOf(text instanceof URL ? text.href : text);
    const path = plainProperty(request, 'method') === 'PUT' ? plainProperty(request, 'path') : undefined;
    const open: OpenRequest = {
      asker,
      origin,
      save: typeof path === 'string' ? this.#saves.begin(`${origin} ${path}`, asker) : null,
      use: USE.queued,
      sinceMs: builtIns.wallMs(),
      socket: null,
      toldUse: 0,
      resource: 0,
      at,
    };
    new RequestSlot(request, open);
    this.#open[at] = open;
  }

  /** Most requests go to a few origins. */
  #hostOf(origin: unknown): string {
    const known = this.#hosts.get(origin);
    if (known !== undefined) return known;
    const host = hostOf(origin);
    if (typeof origin === 'string' && this.#hosts.size < MAX_ORIGINS) this.#hosts.set(origin, host);
    return host;
  }

  #noteSent(request: object, socket: unknown): void {
    const open = RequestSlot.openOf(request);
    if (open === undefined) return;
    open.use = USE.holds;
    if (typeof socket !== 'object' || socket === null) return;
    let origin = this.#origins.get(open.origin);
    if (origin === undefined) {
      if (this.#origins.size >= MAX_ORIGINS) return;
      origin = { sockets: [], resource: 0, capacity: 0 };
      this.#origins.set(open.origin, origin);
    }
    open.socket = refTo(socket, origin);
  }

  #noteAnswered(request: object, status = 0): void {
    const open = RequestSlot.openOf(request);
    if (open === undefined) return;
    if (open.save !== null) this.#saves.end(open.save, status >= 200 && status < 300);
    open.use = USE.unread;
    open.sinceMs = builtIns.wallMs();
  }

  #noteOver(request: object): void {
    const open = RequestSlot.openOf(request);
    if (open === undefined || open.at < 0) return;
    if (open.save !== null && open.use !== USE.unread) this.#saves.end(open.save, false);
    const last = this.#open[this.#open.length - 1]!;
    this.#open[open.at] = last;
    last.at = open.at;
    this.#open.length--;
    open.at = -1;
    if (open.resource !== 0) this.#records.use(GAVE_BACK, open.asker, open.resource);
  }

  /** The sockets whose answer came before a time and was not read to its end. */
  #unreadOf(origin: string, beforeMs: number): object[] {
    const found: object[] = [];
    for (let i = 0; i < this.#open.length; i++) {
      const open = this.#open[i]!;
      const socket = open.origin === origin ? open.socket?.deref() : undefined;
      if (socket !== undefined && open.use === USE.unread && open.sinceMs <= beforeMs)
        found[found.length] = socket;
    }
    return found;
  }
}

const references = new WeakMap<object, SafeRef<object>>();

/** The one reference to a socket, which is noted at its first request. */
function refTo(socket: object, { sockets }: Origin): SafeRef<object> {
  const known = getWeak(references, socket);
  if (known !== undefined) return known;
  let kept = 0;
  for (let i = 0; i < sockets.length; i++) {
    const ref = sockets[i]!;
    const other = ref.deref();
    if (other !== undefined && !isDestroyed(other)) sockets[kept++] = ref;
  }
  sockets.length = kept;
  const ref = new SafeRef(socket);
  setWeak(references, socket, ref);
  sockets[kept] = ref;
  return ref;
}

function openSockets({ sockets }: Origin): object[] {
  const open: object[] = [];
  for (let i = 0; i < sockets.length; i++) {
    const socket = sockets[i]!.deref();
    if (socket !== undefined && !isDestroyed(socket)) open[open.length] = socket;
  }
  return open;
}

/** An accessor of Node's own. */
const isDestroyed = (socket: object): boolean =>
  (socket as { readonly destroyed?: unknown }).destroyed === true;

function areAllIn(sockets: readonly object[], others: readonly object[]): boolean {
  for (let i = 0; i < sockets.length; i++) {
    let isIn = false;
    for (let j = 0; j < others.length; j++) if (others[j] === sockets[i]) isIn = true;
    if (!isIn) return false;
  }
  return true;
}

/** "127.0.0.1:8080": a URL may name a person. */
function hostOf(origin: unknown): string {
  if (typeof origin !== 'string') return '?';
  const [, host = '?'] = builtIns.matches(/^[a-z]+:\/\/(?:[^/@]*@)?([^/?#]+)/, origin) ?? [];
  return host;
}
