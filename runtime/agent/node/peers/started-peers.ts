/**
 * The ends of the channels to what this thread began and to whoever began it: workers, children
 * with an IPC channel, the parent. Node keeps ports and handles in properties with symbols for
 * names.
 *
 * It leaves alone the workers and processes of the library, which records its own calls.
 */
import {
  isMainThread,
  parentPort,
  threadId,
  workerData,
  MessagePort,
  type Worker,
} from 'node:worker_threads';
import { basename } from 'node:path';
import { types } from 'node:util';
import { RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import { ChannelEnd, type PeerName } from './channel-end.ts';
import type { Peers } from './peers.ts';
import { quietly } from './quietly.ts';

type Callable = (...args: never[]) => unknown;
type Properties = Readonly<Record<PropertyKey, unknown>>;

const { apply, getOwnPropertyDescriptor, ownKeys, slice } = builtIns;
/** Node's own messages have it in their property `cmd`. */
const INTERNAL = 'NODE_';
/** Options of Node's with a value as the next argument, and those with code instead of a file. */
const HAS_VALUE = /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file)$/;
const HAS_CODE = /^(?:-e|-p|-pe|--eval|--print)$/;

/** What `ChildProcess` has once it was started. */
interface StartedChild {
  readonly pid?: number | undefined;
  readonly connected?: boolean;
  readonly spawnfile?: string;
  readonly spawnargs?: readonly string[];
  readonly stdout?: object | null;
  readonly stderr?: object | null;
}

export class StartedPeers {
  readonly #peers: Peers;
  readonly #libraryFolder: string;

  /** @param libraryFolder where the library's own workers are started from */
  constructor(peers: Peers, libraryFolder: string) {
    this.#peers = peers;
    this.#libraryFolder = libraryFolder;
  }

  /** Watches what this thread is told by whoever began it. */
  addParent(): void {
    quietly(() => {
      if (!isMainThread) {
        if (parentPort === null || isOfLibrary(workerData)) return;
        const name = { pid: process.pid, number: threadId };
        this.#peers.addEnd(parentPort, new ChannelEnd(name, false, parent('the thread that made it')));
        return;
      }
      const [, program = ''] = process.argv;
      if (typeof process.send !== 'function' || program.startsWith(this.#libraryFolder)) return;
      const name = { pid: process.pid, number: 0 };
      this.#watchIpc(process, new ChannelEnd(name, false, parent('the parent process')));
    });
  }

  /** @param site id of the site that made it, or 0 */
  addWorker(worker: Worker, options: unknown, site: number): void {
    quietly(() => {
      const given = options as Properties | null | undefined;
      if (isOfLibrary(valueOf(given, 'workerData'))) return;
      const { threadId: id } = worker;
      const ownName = valueOf(given, 'name');
      const hasName = typeof ownName === 'string' && ownName !== '';
      const name = hasName ? ownName : `worker#${id}`;
      const end = new ChannelEnd({ pid: process.pid, number: id }, true, {
        kind: RESOURCE_KIND.worker,
        name,
        site,
      });
      const port = bySymbol(worker, 'kPublicPort');
      if (port instanceof MessagePort) this.#peers.addEnd(port, end);
      this.#peers.addEnd(worker, end);
      const handle = bySymbol(worker, 'kHandle');
      if (isObject(handle))
        this.#peers.addExit(handle, process.pid, id, hasName ? `worker ${ownName}` : name);
    });
  }

  addChild(started: object, site: number): void {
    quietly(() => {
      const child = started as StartedChild;
      const { pid, spawnargs = [], spawnfile = '', stdout, stderr } = child;
      if (pid === undefined) return;
      const script = /^node(?:js)?(?:\.exe)?$/i.test(basename(spawnfile)) ? scriptOf(spawnargs) : undefined;
      if (script?.startsWith(this.#libraryFolder)) return;
      const what = script ?? spawnfile;
      const name = `process ${basename(what)} (${pid})`;
      const handle = (started as { readonly _handle?: unknown })._handle;
      if (isObject(handle)) this.#peers.addExit(handle, pid, 0, name);
      for (const stream of [stdout, stderr]) {
        const pipe: unknown = stream == null ? null : bySymbol(stream, 'kHandle');
        if (isObject(pipe)) this.#peers.addOutput(pipe, pid, name);
      }
      const end = new ChannelEnd({ pid, number: 0 }, true, { kind: RESOURCE_KIND.child, name, site });
      this.#peers.noteChildBegun(pid, end);
      if (child.connected === true) this.#watchIpc(started, end);
    });
  }

  /** The process or the child is about to be told of a message. */
  noteMessage(target: object): void {
    quietly(() => {
      const end = this.#peers.endOf(target);
      if (end !== undefined) this.#peers.noteReceived(end);
    });
  }

  #watchIpc(target: object, end: ChannelEnd): void {
    this.#peers.addEnd(target, end);
    const handle = bySymbol(target, 'kChannelHandle');
    if (isObject(handle)) this.#peers.addEnd(handle, end);
    const peers = this.#peers;
    replaceBuiltin(target, 'send', (original) => {
      const { send } = {
        send(this: unknown, ...args: unknown[]): unknown {
          if (this === target && valueOf(target as Properties, 'connected') === true && !isInternal(args[0]))
            quietly(() => peers.noteSent(end));
          return apply(original, this, args);
        },
      };
      return send as Callable;
    });
  }
}

/** The program among the arguments of Node; undefined: it is in none of them. */
function scriptOf(args: readonly string[]): string | undefined {
  for (let i = 1; i < args.length; i++) {
    const word = args[i]!;
    if (HAS_VALUE.test(word)) i++;
    else if (!word.startsWith('-')) return word;
    else if (HAS_CODE.test(word)) return undefined;
  }
  return undefined;
}

const parent = (name: string): PeerName => ({ kind: RESOURCE_KIND.parent, name, site: 0 });

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Of a plain property; undefined: it has none. It runs no code of the program's. */
function valueOf(object: Properties | null | undefined, name: string): unknown {
  if (!isObject(object) || types.isProxy(object)) return undefined;
  return getOwnPropertyDescriptor(object, name)?.value;
}

function bySymbol(object: object, description: string): unknown {
  const key = ownKeys(object).find((each) => typeof each === 'symbol' && each.description === description);
  return key === undefined ? undefined : getOwnPropertyDescriptor(object, key)?.value;
}

const isOfLibrary = (data: unknown): boolean => valueOf(data as Properties, 'simul') === 'parallel';

function isInternal(message: unknown): boolean {
  const cmd = valueOf(message as Properties, 'cmd');
  return typeof cmd === 'string' && slice(cmd, 0, INTERNAL.length) === INTERNAL;
}
