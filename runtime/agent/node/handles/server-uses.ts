/**
 * Whom a server is for. One that listens on a port which somebody outside knows, or that somebody
 * outside came to, may well be meant to go on for ever. One on a port that the system chose, or to
 * which only the program itself came, is a helper of the program's, as in a test.
 *
 * It looks at ports alone, and stops looking at a server's connections once it is known.
 */
import type { AddressInfo, Socket } from 'node:net';
import { builtIns } from '../../../recorder/built-ins.ts';

interface Use {
  /** The port that the program asked for; 0: any. */
  readonly port: number;
  /** The program itself came to it. */
  isUsedByProgram: boolean;
  isUsedFromOutside: boolean;
}

/** So many of the program's own connections, the last ones, are compared with accepted ones. */
const MAX_CLIENTS = 64;
const { getWeak, setWeak } = builtIns;

export class ServerUses {
  readonly #uses = new WeakMap<object, Use>();
  readonly #clients: WeakRef<object>[] = [];
  #next = 0;

  noteListen(server: object, args: readonly unknown[]): void {
    setWeak(this.#uses, server, {
      port: portOf(args),
      isUsedByProgram: false,
      isUsedFromOutside: false,
    });
  }

  noteClient(socket: object): void {
    this.#clients[this.#next] = new WeakRef(socket);
    this.#next = (this.#next + 1) % MAX_CLIENTS;
  }

  noteAccepted(socket: Socket): void {
    const { server } = socket as Socket & { readonly server?: object };
    const use = server === undefined ? undefined : getWeak(this.#uses, server);
    if (use === undefined || use.isUsedFromOutside) return;
    if (this.#isOwn(socket)) use.isUsedByProgram = true;
    else use.isUsedFromOutside = true;
  }

  /** The port on which others may come; 0: the server is for the program itself. */
  portForOthers(server: object, address: AddressInfo | string | null): number {
    const use = getWeak(this.#uses, server);
    if (use === undefined) return 0;
    const port = typeof address === 'object' && address !== null ? address.port : use.port;
    if (use.isUsedFromOutside) return port;
    return use.isUsedByProgram ? 0 : use.port;
  }

  #isOwn({ remotePort }: Socket): boolean {
    if (remotePort === undefined) return false;
    for (let i = 0; i < this.#clients.length; i++) {
      const client = this.#clients[i]!.deref() as Socket | undefined;
      if (client?.localPort === remotePort) return true;
    }
    return false;
  }
}

/** `listen(port, …)`, `listen({ port }, …)`; 0 for any other form. */
function portOf([first]: readonly unknown[]): number {
  const port: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'port') : first;
  const number = typeof port === 'string' && port.trim() !== '' ? Number(port) : port;
  return typeof number === 'number' && Number.isInteger(number) ? number : 0;
}
