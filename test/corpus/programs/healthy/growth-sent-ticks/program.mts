// A log is followed over a WebSocket: each line goes out as it comes.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';

class Log {
  readonly #followers = new Set<WebSocket>();

  follow(socket: WebSocket): void {
    this.#followers.add(socket);
    socket.on('close', () => this.#followers.delete(socket));
  }

  write(line: string): void {
    for (const follower of this.#followers) {
      if (follower.bufferedAmount > 2_000_000) follower.close();
      else follower.send(line);
    }
  }
}

const log = new Log();
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
server.on('connection', (socket) => log.follow(socket));
await once(server, 'listening');
const { port } = server.address() as { port: number };

const reader = new WebSocket(`ws://127.0.0.1:${port}`);
let read = 0;
reader.on('message', () => {
  read++;
  reader.pause();
  setTimeout(() => reader.resume(), 200);
});
await once(reader, 'open');
for (let i = 0; i < 250; i++) {
  log.write(`line ${i} ${'.'.repeat(120_000)}`);
  await sleep(10);
}
console.log(read < 50);
reader.terminate();
server.close();
for (const socket of server.clients) socket.terminate();
