// As c2, and the end of the connection is heard; a second client has a limit of time.
import net from 'node:net';
import { once } from 'node:events';

const server = net.createServer((socket) => {
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    if (text === 'bye') socket.end();
    else if (text !== 'wait') socket.write(text.toUpperCase());
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

function ask(socket, text) {
  return new Promise((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
    socket.write(text);
  });
}
function askSoon(socket, text) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too late')), 1500);
    socket.once('data', (data) => {
      clearTimeout(timer);
      resolve(data);
    });
    socket.once('error', reject);
    socket.write(text);
  });
}
const open = async () => {
  const socket = net.connect(server.address().port, '127.0.0.1').setEncoding('utf8');
  await once(socket, 'connect');
  return socket;
};
const first = await open();
console.log(await ask(first, 'one'), await ask(first, 'two'));
console.log(await ask(first, 'bye').catch((error) => error.message));
const second = await open();
console.log(await askSoon(second, 'three'));
console.log(await askSoon(second, 'bye').catch((error) => error.message));
server.close();
