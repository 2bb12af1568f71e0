// A farewell is sent to each guest, who hangs up when he has been told.
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';

const server = createServer((socket) => socket.end('goodbye '.repeat(100)));
server.listen(0, '127.0.0.1');
await once(server, 'listening');

async function visit(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  await once(socket, 'close');
}

await visit((server.address() as AddressInfo).port);
console.log('gone');
server.close();
