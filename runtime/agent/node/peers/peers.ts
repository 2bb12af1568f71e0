/**
 * What a thread hears of the other threads and processes of the program: their messages, their
 * output, their end. Each end of a channel writes a link for what it sends and what it receives,
 * and the fold brings the two together. So a wait that a message ended has its sender for a waker.
 *
 * It changes no message, and adds no listener. It keeps nothing alive: what it knows hangs on the
 * ports and handles by weak keys.
 */
import { constants } from 'node:os';
import { KIND, LINK_KIND, LINK_WAY, RESOURCE_KIND, USE } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { ChannelEnd, PeerName } from './channel-end.ts';

const { getWeak, setWeak } = builtIns;

const SEND_MESSAGE = LINK_WAY.send | (LINK_KIND.message << 4);
const RECEIVE_MESSAGE = LINK_WAY.receive | (LINK_KIND.message << 4);
const SEND_SPAWN = LINK_WAY.send | (LINK_KIND.spawn << 4);
const SEND_SIGNAL = LINK_WAY.send | (LINK_KIND.signal << 4);
const RECEIVE_SIGNAL = LINK_WAY.receive | (LINK_KIND.signal << 4);
const SIGNALS: Readonly<Record<string, number>> = { __proto__: null as never, ...constants.signals };
/** Stacks that a thread asks for, for the lines that send messages. */
const MAX_LOOKS = 300;
/** A child that writes on and on is noted so often. */
const MIN_OUTPUT_GAP_NS = 100_000n;

/** What a handle of Node's tells: that a thread or process ended, or wrote. */
interface Source {
  /** One of LINK_KIND. */
  readonly kind: number;
  readonly pid: number;
  readonly threadId: number;
  readonly peer: PeerName;
  resource: number;
  toldNs: bigint;
}

export class Peers {
  readonly #recorder: Recorder;
  readonly #state: ThreadState;
  readonly #errors: UncaughtErrors;
  readonly #ends = new WeakMap<object, ChannelEnd>();
  readonly #sources = new WeakMap<object, Source>();
  #looksLeft = MAX_LOOKS;
  /** The end whose message a handler gets now; null: none does. Set by message-ports.ts. */
  handledNow: () => ChannelEnd | null = () => null;

  constructor(recorder: Recorder, state: ThreadState, errors: UncaughtErrors) {
    this.#recorder = recorder;
    this.#state = state;
    this.#errors = errors;
  }

  addEnd(port: object, end: ChannelEnd): void {
    setWeak(this.#ends, port, end);
  }

  /** Undefined: it is no end of a channel that is watched. */
  endOf(port: object): ChannelEnd | undefined {
    return getWeak(this.#ends, port);
  }

  /** The handle tells of the end of a thread or process. */
  addExit(handle: object, pid: number, threadId: number, name: string): void {
    this.#addSource(handle, LINK_KIND.exit, pid, threadId, {
      kind: RESOURCE_KIND.exit,
      name: `the end of ${name}`,
      site: 0,
    });
  }

  /** The handle is a pipe from a process. */
  addOutput(handle: object, pid: number, name: string): void {
    const peer = { kind: RESOURCE_KIND.output, name: `the output of ${name}`, site: 0 };
    this.#addSource(handle, LINK_KIND.output, pid, 0, peer);
  }

  #addSource(handle: object, kind: number, pid: number, threadId: number, peer: PeerName): void {
    setWeak(this.#sources, handle, { kind, pid, threadId, peer, resource: 0, toldNs: 0n });
  }

  /** A message goes in at this end, before the other end can have it. */
  noteSent(end: ChannelEnd): void {
    const { current, creator } = this.#state;
    const by = current?.id ?? creator;
    const resource = this.resourceOfEnd(end);
    const { pid, wayOut } = end;
    this.#recorder.write(KIND.link, SEND_MESSAGE, by, wayOut, pid, resource, ++end.sent);
    if (end.isMaker && end.looksLeft > 0 && this.#looksLeft > 0) this.#noteLine(end, by, resource);
  }

  /** It did not go in: the next one has its number. */
  undoSent(end: ChannelEnd): void {
    end.sent--;
  }

  noteReceived(end: ChannelEnd): void {
    const by = this.#state.current?.id ?? 0;
    const resource = this.resourceOfEnd(end);
    this.#recorder.write(KIND.link, RECEIVE_MESSAGE, by, end.wayIn, end.pid, resource, ++end.received);
  }

  #noteLine(end: ChannelEnd, by: number, resource: number): void {
    end.looksLeft--;
    this.#looksLeft--;
    const site = this.#errors.siteHere();
    if (site !== 0) this.#recorder.write(KIND.use, USE.call, by, resource, site, 0, 0);
  }

  /** The code that runs now began a process. */
  noteChildBegun(pid: number, end: ChannelEnd): void {
    const { current, creator } = this.#state;
    const resource = this.resourceOfEnd(end);
    this.#recorder.write(KIND.link, SEND_SPAWN, current?.id ?? creator, pid, 0, resource, 0);
  }

  /** A signal is sent to a process. */
  noteSignalSent(pid: number, signal: number): void {
    const { current, creator } = this.#state;
    this.#recorder.write(KIND.link, SEND_SIGNAL, current?.id ?? creator, pid, signal, 0, 0);
  }

  /** The same, by the signal as the program named it. */
  noteKill(pid: number, signal: unknown): void {
    const number = typeof signal === 'string' ? SIGNALS[signal] : signal;
    // Signal 0 asks whether the process is there.
    if (signal === undefined) this.noteSignalSent(pid, constants.signals.SIGTERM);
    else if (typeof number === 'number' && number > 0) this.noteSignalSent(pid, number);
  }

  /** @param resource id of what the waits are ended by that the signal ends, or 0 */
  noteSignalReceived(signal: number, resource: number): void {
    const by = this.#state.current?.id ?? 0;
    this.#recorder.write(KIND.link, RECEIVE_SIGNAL, by, process.pid, signal, resource, 0);
  }

  /**
   * Id of the resource for what the port or handle tells now, or for the message that is handled
   * now; 0: no peer has told anything.
   */
  resourceOf(thing: object): number {
    const end = getWeak(this.#ends, thing);
    if (end !== undefined) return this.resourceOfEnd(end);
    const source = getWeak(this.#sources, thing);
    if (source !== undefined) return this.#tell(source);
    const handled = this.handledNow();
    return handled === null ? 0 : this.resourceOfEnd(handled);
  }

  /** Id of the resource of a worker or child process, by its object; 0: it is not watched. */
  resourceOfEnd(end: ChannelEnd): number {
    return (end.resource ||= this.#define(end.peer));
  }

  #tell(source: Source): number {
    const resource = (source.resource ||= this.#define(source.peer));
    const nowNs = builtIns.now();
    if (nowNs - source.toldNs < MIN_OUTPUT_GAP_NS) return resource;
    source.toldNs = nowNs;
    const flags = LINK_WAY.receive | (source.kind << 4);
    this.#recorder.write(KIND.link, flags, 0, source.pid, source.threadId, resource, 0);
    return resource;
  }

  #define({ kind, name, site }: PeerName): number {
    const { current, creator } = this.#state;
    const id = this.#recorder.nextId();
    const text = this.#recorder.defineText(name);
    this.#recorder.write(KIND.resourceBegin, kind, current?.id ?? creator, id, site, text, 0);
    return id;
  }
}
