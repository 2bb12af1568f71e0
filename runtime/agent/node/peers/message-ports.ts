/**
 * Messages between threads. What is sent is seen at `postMessage`, which workers call, too. What
 * comes is handed on by a function that Node reads from the port, twice a message: once to see that
 * it is there, once to call it. In between it puts the ports that came with the message into a
 * property, and takes them out at the end. An accessor in the place of that function gives Node's
 * own: no listener of ours is counted, and no frame of ours stands on the stack of a handler. An
 * event that the program dispatches at a port reads it as well, once: what the property holds tells
 * the two apart, an empty list of ours from the first reading on, and another while it is handled.
 */
import workerThreads, { MessagePort } from 'node:worker_threads';
import { types } from 'node:util';
import { builtIns, SafeRef } from '../../../recorder/built-ins.ts';
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import { ChannelEnd, nameOfSentChannel } from './channel-end.ts';
import type { Peers } from './peers.ts';
import { quietly } from './quietly.ts';

type Callable = (...args: never[]) => unknown;

const { apply, getWeak, setWeak, isArray, defineProperty, getOwnPropertyDescriptor } = builtIns;
/** Names that Node gives to the function, and to the property. */
const HAND_ON = Symbol.for('nodejs.internal.kHybridDispatch');
const PORTS = Symbol.for('nodejs.internal.kCurrentlyReceivingPorts');
/** More ports of one message are not looked at. */
const MAX_PORTS = 8;

/** @returns what restores the originals; null: this Node hands messages on in another way */
export function watchMessagePorts(peers: Peers): (() => void) | null {
  const former = getOwnPropertyDescriptor(EventTarget.prototype, HAND_ON);
  if (typeof former?.value !== 'function' || former.configurable !== true) return null;
  /** The other end, while it is in this thread. */
  const entangled = new WeakMap<object, SafeRef<object>>();

  let handOn: unknown = former.value;
  defineProperty(EventTarget.prototype, HAND_ON, {
    configurable: true,
    enumerable: former.enumerable === true,
    get(this: object): unknown {
      const end = peers.endOf(this);
      if (end !== undefined) noteRead(this, end);
      return handOn;
    },
    set(this: object, next: unknown): void {
      if (this === EventTarget.prototype) handOn = next;
      else
        defineProperty(this, HAND_ON, { value: next, writable: true, enumerable: true, configurable: true });
    },
  });

  /** The end whose message was handed on last. */
  let handling: ChannelEnd | null = null;
  peers.handledNow = () => {
    const port = handling?.port?.deref();
    if (handling === null || port === undefined) return null;
    return getOwnPropertyDescriptor(port, PORTS)?.value === handling.handled ? handling : null;
  };

  function noteRead(port: object, end: ChannelEnd): void {
    try {
      const ports: unknown = getOwnPropertyDescriptor(port, PORTS)?.value;
      // A handler dispatches an event of its own: Node has not taken the ports away yet.
      if (end.handled !== null && ports === end.handled) return;
      if (end.asked === null || ports === end.asked) {
        end.handled = null;
        putPorts(port, (end.asked = []));
        return;
      }
      end.asked = null;
      peers.noteReceived(end);
      if (isArray(ports)) nameReceivedPorts(end, ports);
      if (isArray(ports)) end.handled = ports;
      else putPorts(port, (end.handled = []));
      end.port ??= new SafeRef(port);
      handling = end;
    } catch {
      // No stack is left, say: the next message has another number than at the other end.
    }
  }

  /** As Node does it by an assignment. To an event, no ports and an empty list are the same. */
  function putPorts(port: object, value: readonly unknown[]): void {
    defineProperty(port, PORTS, { value, writable: true, enumerable: true, configurable: true });
  }

  function nameReceivedPorts(end: ChannelEnd, ports: readonly unknown[]): void {
    for (let i = 0; i < ports.length && i < MAX_PORTS; i++) {
      const name = nameOfSentChannel(end.pid, end.wayIn, end.received, i);
      const port: unknown = ports[i];
      if (port instanceof MessagePort)
        peers.addEnd(port, sharing(end, new ChannelEnd(name, false, end.peer)));
    }
  }

  /** What it brings comes from where the end's own messages come from. */
  function sharing(end: ChannelEnd, made: ChannelEnd): ChannelEnd {
    made.resource = peers.resourceOfEnd(end);
    return made;
  }

  /** The message that is sent next takes ports of the program's with it. */
  function nameSentPorts(end: ChannelEnd, transfer: unknown): void {
    const list: unknown = isPlain(transfer)
      ? isArray(transfer)
        ? transfer
        : getOwnPropertyDescriptor(transfer, 'transfer')?.value
      : undefined;
    if (!isPlain(list) || !isArray(list)) return;
    let index = 0;
    for (let i = 0; i < list.length && index < MAX_PORTS; i++) {
      const port: unknown = getOwnPropertyDescriptor(list, i)?.value;
      if (!(port instanceof MessagePort)) continue;
      const name = nameOfSentChannel(end.pid, end.wayOut, end.sent, index++);
      const other = getWeak(entangled, port)?.deref();
      if (other !== undefined) peers.addEnd(other, sharing(end, new ChannelEnd(name, true, end.peer)));
    }
  }

  const undo = [
    replaceBuiltin(MessagePort.prototype, 'postMessage', (original) => {
      const { postMessage } = {
        postMessage(this: object, ...args: unknown[]): unknown {
          const end = peers.endOf(this);
          if (end === undefined) return apply(original, this, args);
          const { sent } = end;
          let isSent = false;
          try {
            peers.noteSent(end);
            if (args.length > 1) nameSentPorts(end, args[1]);
          } catch {
            // No stack is left, say.
          }
          try {
            const result: unknown = apply(original, this, args);
            isSent = true;
            return result;
          } finally {
            if (!isSent && end.sent > sent) peers.undoSent(end);
          }
        },
      };
      return postMessage as Callable;
    }),
    replaceBuiltin(workerThreads, 'receiveMessageOnPort', (original) => {
      const { receiveMessageOnPort } = {
        receiveMessageOnPort(this: unknown, ...args: unknown[]): unknown {
          const message: unknown = apply(original, this, args);
          const end = message === undefined ? undefined : peers.endOf(args[0] as object);
          if (end !== undefined) quietly(() => peers.noteReceived(end));
          return message;
        },
      };
      return receiveMessageOnPort as Callable;
    }),
    watchChannels(entangled),
    () => {
      defineProperty(EventTarget.prototype, HAND_ON, { ...former, value: handOn });
    },
  ];
  return () => undoAll(undo);
}

/** Notes which two ports a `MessageChannel` has. */
function watchChannels(entangled: WeakMap<object, SafeRef<object>>): () => void {
  const { MessageChannel } = workerThreads;
  const ours: typeof MessageChannel = new Proxy(MessageChannel, {
    construct(target, args: unknown[], newTarget) {
      const channel = Reflect.construct(target, args, newTarget === ours ? target : newTarget) as object;
      quietly(() => {
        const port1: unknown = getOwnPropertyDescriptor(channel, 'port1')?.value;
        const port2: unknown = getOwnPropertyDescriptor(channel, 'port2')?.value;
        if (!(port1 instanceof MessagePort) || !(port2 instanceof MessagePort)) return;
        setWeak(entangled, port1, new SafeRef<object>(port2));
        setWeak(entangled, port2, new SafeRef<object>(port1));
      });
      return channel;
    },
  });
  const former = getOwnPropertyDescriptor(MessageChannel.prototype, 'constructor')!;
  const undo = [
    ...[workerThreads, globalThis].map((host) =>
      replaceBuiltin(host, 'MessageChannel', () => ours as unknown as Callable),
    ),
    () => {
      defineProperty(MessageChannel.prototype, 'constructor', former);
    },
  ];
  defineProperty(MessageChannel.prototype, 'constructor', { ...former, value: ours });
  return () => undoAll(undo);
}

/** An object of which a property can be read without running code of the program's. */
const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !types.isProxy(value);
