// A link to a service that is not there.
import { connect, createServer } from 'node:net';
import { once } from 'node:events';

const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();
await once(probe, 'close');

class Link {
  open() {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('connect', () => this.socket.end('hello'));
  }
}

new Link().open();
