/**
 * Notes where the program makes what can keep it alive, at the few functions of Node's that make
 * such things. What it makes through a library is put down to the user's line nearest on the stack.
 *
 * A connection calls a look-up of the user's, below which no frame of ours may be: who reads the
 * method is noted, not who calls it. Workers and child processes are noted where they are started
 * (started-programs.ts).
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { Server, Socket } from 'node:net';
import { MessagePort, Worker } from 'node:worker_threads';
import { builtIns } from '../../../recorder/built-ins.ts';
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import { watchReads } from '../builtins/watch-reads.ts';
import type { HttpRequests } from './http-requests.ts';
import type { LiveHandles } from './live-handles.ts';
import type { Origins } from './origins.ts';
import type { ServerUses } from './server-uses.ts';

type Method = (...args: never[]) => unknown;

const { apply, getOwnPropertyDescriptor } = builtIns;

/** Who is told. */
export interface HandleWatchers {
  readonly origins: Origins;
  readonly serverUses: ServerUses;
  readonly handles: LiveHandles;
  readonly requests: HttpRequests;
}

/** @returns what restores the originals */
export function patchHandles({ origins, serverUses, handles, requests }: HandleWatchers): () => void {
  // Through require: an import's names cannot be replaced, the module object's can.
  const require = createRequire(import.meta.url);
  const undo: (() => void)[] = [];

  /** Calls `note` with the object and the arguments before the method runs. */
  function watchMethod(
    host: object,
    name: string,
    note: (self: object, args: readonly unknown[]) => void,
  ): void {
    undo.push(
      replaceBuiltin(host, name, (original) => {
        return {
          [name](this: object, ...args: unknown[]): unknown {
            quietly(() => note(this, args));
            return apply(original, this, args);
          },
        }[name] as Method;
      }),
    );
  }

  /** Notes what the function returned. */
  function watchMaker(host: object, name: string): void {
    undo.push(
      replaceBuiltin(host, name, (original) => {
        return {
          [name](this: unknown, ...args: unknown[]): unknown {
            const made: unknown = apply(original, this, args);
            quietly(() => {
              if (typeof made === 'object' && made !== null) origins.noteMade(made);
            });
            return made;
          },
        }[name] as Method;
      }),
    );
  }

  function watchChannel(name: string, note: (message: { readonly socket?: object }) => void): void {
    const listener = (message: unknown): void => quietly(() => note(message as { socket?: object }));
    subscribe(name, listener);
    undo.push(() => unsubscribe(name, listener));
  }

  watchMethod(Server.prototype, 'listen', (server, args) => {
    origins.noteMade(server);
    serverUses.noteListen(server, args);
  });
  watchMethod(Server.prototype, 'close', (server) => {
    origins.noteLater(server);
    requests.noteClose(server);
  });
  const noteClient = (socket: object): void => {
    if (origins.of(socket) !== undefined) return;
    origins.noteMade(socket);
    serverUses.noteClient(socket);
  };
  undo.push(watchReads(Socket.prototype, 'connect', (socket) => quietly(() => noteClient(socket))));
  watchChannel('net.server.socket', ({ socket }) => {
    if (socket !== undefined) serverUses.noteAccepted(socket as Socket);
  });
  // A listener for `message` calls it, of a port and of a worker.
  watchMethod(MessagePort.prototype, 'ref', (port) => origins.noteLater(port));
  for (const name of ['ref', 'unref'])
    watchMethod(Worker.prototype, name, (worker) => handles.noteWorkerRef(worker as Worker, name === 'ref'));
  const fs = require('node:fs') as object;
  for (const name of ['watch', 'watchFile']) watchMaker(fs, name);
  const dgram = require('node:dgram') as { readonly Socket: { readonly prototype: object } };
  watchMethod(dgram.Socket.prototype, 'bind', (socket) => origins.noteMade(socket));
  watchStdin();
  return () => undoAll(undo);

  /** Standard input is opened where it is first read as a property. */
  function watchStdin(): void {
    const former = getOwnPropertyDescriptor(process, 'stdin');
    const get = former?.get;
    if (former?.configurable !== true || get === undefined) return;
    const restore = (): void => {
      Object.defineProperty(process, 'stdin', former);
    };
    undo.push(restore);
    Object.defineProperty(process, 'stdin', {
      ...former,
      get(): unknown {
        restore();
        const stdin: unknown = apply(get as Method, process, []);
        quietly(() => origins.noteMade(stdin as object));
        return stdin;
      },
    });
  }
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The program goes on, and this is not noted.
  }
}
