/**
 * Requests that wait for a socket of an agent of Node's `http` or `https`, own classes included:
 * the agent has as many as it may have, and other requests hold them. Which those are is recorded
 * from the first request on that has to wait. An agent that never lets one wait costs a look at
 * each request, and one without a limit less.
 *
 * No frame of ours is on a stack, no listener is added and nothing is wrapped:
 *
 *   Agent            sets a property whose symbol all emitters have: an accessor of the prototype,
 *                    which makes the property the agent's own, knows who makes it
 *   a request waits  Node puts its options into a property of the request, by a symbol of Node's
 *                    own and there alone: the same
 *   a socket is got  Node reads `onSocket` of the request
 *   one is free      Node reads `removeSocket` or `keepSocketAlive` of the agent
 *
 * The symbol is learnt from Node itself: its own `addRequest` is asked to let a request wait that
 * refuses. With NODE_DEBUG that would be printed: the agents are then left alone. An agent that
 * keeps requests for itself, in a list of its own, is not seen into.
 */
import { EventEmitter } from 'node:events';
import type * as Http from 'node:http';
import type * as Https from 'node:https';
import { USE } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap, SafeRef } from '../../../recorder/built-ins.ts';
import { builtinTextOf } from '../builtins/function-text.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { undoAll } from '../builtins/replace-builtin.ts';
import { watchReads } from '../builtins/watch-reads.ts';
import type { Origins } from '../handles/origins.ts';
import { constructorsOf, nameOfAgent } from './agent-names.ts';
import type { Asker, ConnectionRecords } from './connection-records.ts';

const { apply, defineProperty, getOwnPropertyDescriptor, getWeak, indexOf, ownKeys, setWeak } = builtIns;
const { listenerCount } = EventEmitter.prototype;
const { holds: HOLDS, queued: QUEUED, unread: UNREAD } = USE;
const GAVE_BACK = USE['gave-back'];

/** Of one agent: further requests that have sockets are not followed. */
const MAX_HOLDERS = 256;
/** Of one agent: origins for which requests wait. */
const MAX_LINES = 16;
const MAX_AGENTS = 1000;
/** All origins share what `maxTotalSockets` allows. */
const ALL_ORIGINS = '';

/** Requests that wait for sockets of the same kind, and those that have them. */
interface Line {
  readonly resource: number;
  waiting: number;
}

interface Holder {
  readonly request: SafeRef<object>;
  readonly asker: Asker;
  readonly origin: string;
  /** Null: nobody has had to wait for such a socket. */
  line: Line | null;
  isToldUnread: boolean;
}

interface AgentState {
  readonly holders: Holder[];
  /** By origin. */
  readonly lines: SafeMap<string, Line>;
}

interface Waiting extends Pick<Holder, 'asker' | 'origin'> {
  readonly line: Line;
}

type Symbols = Readonly<Record<symbol, unknown>>;

export class AgentQueues {
  readonly #records: ConnectionRecords;
  readonly #origins: Origins;
  readonly #agents = new WeakMap<object, AgentState>();
  /** Agents of whose sockets it is told. */
  readonly #told: SafeRef<AgentState>[] = [];
  readonly #waiting = new WeakMap<object, Waiting | undefined>();
  /** The agents that Node itself makes, by protocol. */
  #global: (protocol: unknown) => object = () => this;
  #getHeader: ((name: string) => unknown) | null = null;

  constructor(records: ConnectionRecords, origins: Origins) {
    this.#records = records;
    this.#origins = origins;
  }

  /**
   * @param loadHttps is called when an agent of it has made somebody wait
   * @returns what restores the originals
   */
  watch(http: typeof Http, loadHttps: () => typeof Https): () => void {
    const { Agent, ClientRequest, OutgoingMessage } = http;
    const waits = symbolOfWaiting(Agent.prototype);
    if (waits === null) return () => {};
    const getHeader: unknown = getOwnPropertyDescriptor(OutgoingMessage.prototype, 'getHeader')?.value;
    if (typeof getHeader === 'function') this.#getHeader = getHeader as (name: string) => unknown;
    const { globalAgent } = http;
    this.#global = (protocol) => (protocol === 'https:' ? loadHttps().globalAgent : globalAgent);
    const undo = [
      watchFirstSet(ClientRequest.prototype, waits, undefined, (request) => this.#noteQueued(request)),
      watchReads(
        ClientRequest.prototype,
        'onSocket',
        quietly((request) => this.#noteSocket(request)),
      ),
    ];
    for (const name of ['removeSocket', 'keepSocketAlive'])
      undo[undo.length] = watchReads(
        Agent.prototype,
        name,
        quietly((agent) => this.#noteFree(agent)),
      );
    const made = symbolOfEmitters();
    if (made !== null)
      undo[undo.length] = watchFirstSet(Agent.prototype, made, EventEmitter.prototype, (agent) =>
        this.#origins.noteMade(agent, constructorsOf(agent)),
      );
    return () => undoAll(undo);
  }

  /** Nothing happens, or the process ends: tells whose answer has come and is not read. */
  reportUnread(): void {
    for (let i = 0; i < this.#told.length; i++) {
      const agent = this.#told[i]!.deref();
      if (agent === undefined) continue;
      this.#letGo(agent);
      for (let j = 0; j < agent.holders.length; j++) {
        const holder = agent.holders[j]!;
        const { request, asker, line } = holder;
        if (line === null || line.waiting === 0 || holder.isToldUnread) continue;
        if (!isUnread(request.deref())) continue;
        holder.isToldUnread = true;
        this.#records.use(UNREAD, asker, line.resource);
      }
    }
  }

  /** Its agent lets the request wait. */
  #noteQueued(request: object): void {
    const agent = objectOf(plainProperty(request, 'agent'));
    if (agent === null) return;
    const asker = this.#records.askerHere();
    const state = this.#stateOf(agent);
    this.#letGo(state);
    const origin = this.#originOf(request);
    const line = this.#lineOf(agent, state, origin);
    if (line === null) return;
    line.waiting++;
    setWeak(this.#waiting, request, { asker, origin, line });
    this.#records.use(QUEUED, asker, line.resource);
  }

  /** The request gets a socket, or an error in its place. */
  #noteSocket(request: object): void {
    const waiting = getWeak(this.#waiting, request);
    const agent = objectOf(plainProperty(request, 'agent'));
    if (agent === null || (waiting === undefined && !isLimited(agent))) return;
    const state = this.#stateOf(agent);
    this.#letGo(state);
    if (waiting !== undefined) {
      setWeak(this.#waiting, request, undefined);
      waiting.line.waiting--;
    }
    const origin = waiting?.origin ?? this.#originOf(request);
    const line = waiting?.line ?? state.lines.get(ALL_ORIGINS) ?? state.lines.get(origin) ?? null;
    const asker = waiting?.asker ?? this.#records.askerHere();
    const isFollowed = state.holders.length < MAX_HOLDERS;
    if (line !== null) this.#records.use(isFollowed ? HOLDS : GAVE_BACK, asker, line.resource);
    if (!isFollowed) return;
    const holder = { request: new SafeRef(request), asker, origin, line, isToldUnread: false };
    state.holders[state.holders.length] = holder;
  }

  #noteFree(agent: object): void {
    const state = getWeak(this.#agents, agent);
    if (state !== undefined) this.#letGo(state);
  }

  #stateOf(agent: object): AgentState {
    let state = getWeak(this.#agents, agent);
    if (state === undefined) {
      state = { holders: [], lines: new SafeMap() };
      setWeak(this.#agents, agent, state);
    }
    return state;
  }

  /** Forgets the requests that are over. */
  #letGo({ holders }: AgentState): void {
    let kept = 0;
    for (let i = 0; i < holders.length; i++) {
      const holder = holders[i]!;
      if (isOver(holder.request.deref())) {
        if (holder.line !== null) this.#records.use(GAVE_BACK, holder.asker, holder.line.resource);
      } else holders[kept++] = holder;
    }
    holders.length = kept;
  }

  /** The line in which a request stands now. Who has what it waits for is told when it begins. */
  #lineOf(agent: object, state: AgentState, origin: string): Line | null {
    const { holders, lines } = state;
    let held = 0;
    for (let i = 0; i < holders.length; i++) if (holders[i]!.origin === origin) held++;
    const isFull = held >= numberOf(agent, 'maxSockets');
    const maxTotal = numberOf(agent, 'maxTotalSockets');
    const key = isFull || maxTotal === Number.POSITIVE_INFINITY ? origin : ALL_ORIGINS;
    const known = lines.get(key);
    if (known !== undefined) return known;
    if (lines.size >= MAX_LINES || this.#told.length >= MAX_AGENTS) return null;
    const isGlobal = this.#global(plainProperty(agent, 'protocol')) === agent;
    const made = isGlobal ? null : this.#origins.of(agent);
    const name = nameOfAgent(agent, made);
    const resource = this.#records.begin({
      name: lines.size === 0 ? name : `${name} for ${key === ALL_ORIGINS ? 'all origins' : key}`,
      capacity: key === ALL_ORIGINS ? maxTotal : numberOf(agent, 'maxSockets'),
      site: made?.site ?? 0,
      creator: made?.creator ?? 0,
    });
    if (lines.size === 0) this.#told[this.#told.length] = new SafeRef(state);
    const line = { resource, waiting: 0 };
    lines.set(key, line);
    for (let i = 0; i < holders.length; i++) {
      const holder = holders[i]!;
      if (holder.line !== null || (key !== ALL_ORIGINS && holder.origin !== key)) continue;
      holder.line = line;
      this.#records.use(HOLDS, holder.asker, resource);
    }
    return line;
  }

  /** Where it goes: "127.0.0.1:8080". */
  #originOf(request: object): string {
    const host = this.#getHeader === null ? undefined : apply(this.#getHeader, request, ['host']);
    if (typeof host === 'string') return host;
    const name = plainProperty(request, 'host');
    return typeof name === 'string' ? name : '?';
  }
}

const objectOf = (value: unknown): object | null =>
  typeof value === 'object' && value !== null ? value : null;

function numberOf(agent: object, name: string): number {
  const value = plainProperty(agent, name);
  return typeof value === 'number' ? value : Number.POSITIVE_INFINITY;
}

const isLimited = (agent: object): boolean =>
  numberOf(agent, 'maxSockets') < Number.POSITIVE_INFINITY ||
  numberOf(agent, 'maxTotalSockets') < Number.POSITIVE_INFINITY;

/** Node is done with it: its socket is free, or gone. */
const isOver = (request: object | undefined): boolean =>
  request === undefined || plainProperty(request, '_closed') === true;

/** Its answer has come, and nothing was ever done to get its body. */
function isUnread(request: object | undefined): boolean {
  const answer = request === undefined ? null : objectOf(plainProperty(request, 'res'));
  if (answer === null) return false;
  const state = objectOf(plainProperty(answer, '_readableState'));
  // An accessor of Node's own.
  if (state === null || (state as { readonly flowing?: unknown }).flowing !== null) return false;
  return apply(listenerCount, answer, ['readable']) === 0;
}

/** The property by which Node marks a request that waits; null: it cannot be learnt. */
function symbolOfWaiting(prototype: object): symbol | null {
  const addRequest: unknown = getOwnPropertyDescriptor(prototype, 'addRequest')?.value;
  if (typeof addRequest !== 'function') return null;
  // Another's may do anything.
  if (indexOf(builtinTextOf(addRequest as () => unknown), 'kRequestOptions') < 0) return null;
  let found: symbol | null = null;
  const request = new Proxy(
    { getHeader: () => undefined },
    {
      set(_target, key) {
        if (typeof key === 'symbol') found ??= key;
        return false;
      },
    },
  );
  const agent = {
    getName: () => '',
    sockets: { '': [] },
    freeSockets: {},
    requests: {},
    maxSockets: 0,
    maxTotalSockets: 0,
    totalSocketCount: 0,
    options: { servername: '' },
  };
  try {
    apply(addRequest as (request: object, options: object) => void, agent, [request, {}]);
  } catch {
    // The first assignment fails: that was all.
  }
  return found;
}

/** What each emitter sets of itself in its constructor; null: not known. */
function symbolOfEmitters(): symbol | null {
  const keys = ownKeys(EventEmitter.prototype);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (typeof key === 'symbol' && key.description === 'kCapture') return key;
  }
  return null;
}

/**
 * Tells which object gets the property first. From then on it is the object's own.
 * @param inherited has what is read of an object that has none; undefined: nothing has
 * @returns what restores the prototype
 */
function watchFirstSet(
  prototype: object,
  key: symbol,
  inherited: object | undefined,
  note: (self: object) => void,
): () => void {
  if (getOwnPropertyDescriptor(prototype, key) !== undefined) return () => {};
  const noteQuietly = quietly(note);
  const noProperties: Symbols = {};
  defineProperty(prototype, key, {
    configurable: true,
    enumerable: false,
    get: () => ((inherited ?? noProperties) as Symbols)[key],
    set(this: object, value: unknown): void {
      defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
      noteQuietly(this);
    },
  });
  return () => Reflect.deleteProperty(prototype, key);
}

/** What fails here, near the end of the stack say, is no business of the program's. */
function quietly(note: (self: object) => void): (self: object) => void {
  return (self) => {
    try {
      note(self);
    } catch {
      // This request is not told of.
    }
  };
}
