/**
 * Events from outside the user's code, as resources: one for each name that `async-resource-names`
 * gives to a type of Node's async resources. It reads types, never what a resource holds. Who it is
 * that a port, a worker's or a child's handle stands for is asked of the room `peers`.
 */
import { executionAsyncId, executionAsyncResource } from 'node:async_hooks';
import { KIND, RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { ASYNC_RESOURCE_NAMES } from './async-resource-names.ts';

const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn } = builtIns;
const PLAIN = Object.prototype;
const { timer: TIMER, io: IO } = RESOURCE_KIND;

/**
 * Types that may stand for another thread or process of the program. So may those that a package
 * made to run a message's callback in.
 */
const PEER_TYPES = { MessagePort: true, Worker: true, Process: true, Pipe: true };
/** Instead of the id of one resource for all of a type: each may be another peer. */
const BY_PEER = -1;

/** Id of the resource of the peer that an async resource stands for; 0: it stands for none. */
export type PeerOf = (resource: object) => number;

export class AsyncResources {
  private readonly recorder: Recorder;
  private readonly idsByType = new SafeMap<string, number>();
  private readonly idsByName = new SafeMap<string, number>();
  private readonly peerOf: PeerOf;
  /** What was found last, which stands for no peer: one callback of Node's asks for many ticks. */
  private lastAsyncId = 0;
  private lastResource = 0;

  constructor(recorder: Recorder, peerOf: PeerOf = () => 0) {
    this.recorder = recorder;
    this.peerOf = peerOf;
  }

  /** Forgets what it defined while the recorder showed nothing of it. */
  forget(): void {
    this.idsByType.clear();
    this.idsByName.clear();
    this.lastAsyncId = 0;
  }

  /**
   * The resource of what executes now; 0 when that is unknown: the start, a causeless microtask.
   */
  current(): number {
    const asyncId = executionAsyncId();
    if (asyncId <= 1) return 0;
    if (asyncId === this.lastAsyncId) return this.lastResource;
    const resource: object = executionAsyncResource();
    const type = typeOf(resource);
    if (type === '') return 0;
    const known = this.idsByType.get(type);
    if (known !== undefined && known !== BY_PEER) {
      this.lastAsyncId = asyncId;
      this.lastResource = known;
      return known;
    }
    const isKnown = hasOwn(ASYNC_RESOURCE_NAMES, type);
    const mayBePeer = known === BY_PEER || hasOwn(PEER_TYPES, type) || !isKnown;
    const peer = mayBePeer ? this.peerOf(resource) : 0;
    if (peer !== 0) return peer;
    const name = isKnown ? ASYNC_RESOURCE_NAMES[type]! : type;
    const id = this.idOf(name, type === 'Timeout' || type === 'Immediate' ? TIMER : IO);
    this.idsByType.set(type, mayBePeer ? BY_PEER : id);
    return id;
  }

  /** What `import()` waits for. */
  moduleLoading(): number {
    return this.idOf('the loading of a module', IO);
  }

  /** What settles a promise when the process gets a signal. */
  signal(): number {
    return this.idOf(ASYNC_RESOURCE_NAMES['Signal']!, IO);
  }

  /** What settles a promise whose signal was aborted. */
  abortSignal(): number {
    return this.idOf('an AbortSignal', IO);
  }

  private idOf(name: string, kind: number): number {
    const known = this.idsByName.get(name);
    if (known !== undefined) return known;
    const id = this.recorder.nextId();
    this.recorder.write(KIND.resourceBegin, kind, 0, id, 0, this.recorder.defineText(name), 0);
    this.idsByName.set(name, id);
    return id;
  }
}

/** The constructor's name, read without running the user's code; '' for a plain object (a tick). */
function typeOf(resource: unknown): string {
  if (typeof resource !== 'object' || resource === null) return '';
  const prototype: unknown = getPrototypeOf(resource);
  if (typeof prototype !== 'object' || prototype === null || prototype === PLAIN) return '';
  const descriptor = getOwnPropertyDescriptor(prototype, 'constructor');
  const constructor: unknown = descriptor?.value;
  return typeof constructor === 'function' ? constructor.name : '';
}
