// Asks a time server line by line.
import net from 'node:net';
import { once } from 'node:events';

const zones = { Berlin: 60, Tokyo: 540 };
const server = net.createServer((socket) => {
  socket.setEncoding('utf8');
  socket.on('data', (zone) => {
    if (zones[zone] === undefined) socket.destroy();
    else socket.write(String(zones[zone]));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

async function offsetOf(socket, zone) {
  socket.write(zone);
  const [minutes] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => ['-1'])]);
  return Number(minutes);
}

const socket = net.connect(server.address().port, '127.0.0.1');
socket.setEncoding('utf8');
await once(socket, 'connect');
for (const zone of ['Berlin', 'Tokyo', 'Atlantis']) console.log(zone, await offsetOf(socket, zone));
socket.end();
server.close();
