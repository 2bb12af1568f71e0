// Cameras are watched over TCP; at most one picture is taken at a time.
import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

const camera = createServer((socket) => {
  socket.on('data', (name) =>
    socket.write(String(name) === 'cellar' ? 'dark' : `picture of ${String(name)}`),
  );
});
camera.listen(0, '127.0.0.1');
await once(camera, 'listening');

class Lens {
  #isTaken = false;
  readonly #waiting: (() => void)[] = [];
  async acquire(): Promise<void> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
  }
  release(): void {
    this.#isTaken = false;
    this.#waiting.shift()?.();
  }
}

class Watch {
  readonly lens = new Lens();
  readonly #socket: Socket;
  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
  }
  async picture(room: string): Promise<string | null> {
    await this.lens.acquire();
    this.#socket.write(room);
    const [answer] = (await once(this.#socket, 'data')) as [Buffer];
    if (String(answer) === 'dark') {
      return null;
    }
    this.lens.release();
    return String(answer);
  }
  close(): void {
    this.#socket.end();
  }
}

const watch = new Watch((camera.address() as { port: number }).port);
for (const room of ['hall', 'cellar', 'attic']) console.log((await watch.picture(room)) ?? 'no picture');
watch.close();
camera.close();
