// Every connection subscribes to the room, and unsubscribes when it is gone.
import net from 'node:net';
import { once } from 'node:events';

const room = new EventTarget();

const server = net.createServer((socket) => {
  socket.on('error', () => {});
  const tell = ({ text }) => socket.write(`${text}\n`);
  room.addEventListener('line', tell);
  socket.on('close', () => room.removeEventListener('line', tell));
  socket.write('welcome\n');
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

for (let guest = 1; guest <= 14; guest++) {
  const socket = net.connect(server.address().port, '127.0.0.1');
  await once(socket, 'data');
  socket.end();
  await once(socket, 'close');
}
room.dispatchEvent(Object.assign(new Event('line'), { text: 'good night' }));
console.log('14 guests came and went');
server.close();
