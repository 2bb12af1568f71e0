// A chat whose one connection carries files and short messages.
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const peer = createServer((socket) => {
  const inbox = [];
  let isBusy = false;
  const next = () => {
    const kind = inbox.shift();
    isBusy = kind !== undefined;
    if (!isBusy) return;
    const reply = () => {
      socket.write('k');
      next();
    };
    if (kind === 'F') setTimeout(reply, 280);
    else reply();
  };
  socket.on('data', (chunk) => {
    inbox.push(...String(chunk));
    if (!isBusy) next();
  });
});
peer.listen(0, '127.0.0.1');
await once(peer, 'listening');

const dial = (port) => {
  const socket = connect(port, '127.0.0.1');
  const waiting = [];
  socket.on('data', (chunk) => {
    for (let i = 0; i < chunk.length; i++) waiting.shift()?.();
  });
  const put = (kind) => new Promise((resolve) => (waiting.push(resolve), socket.write(kind)));
  return { file: (name) => put('F', name), say: (text) => put('M', text), hangUp: () => socket.end() };
};

const line = dial(peer.address().port);
const fileLine = dial(peer.address().port);

async function shareFiles(files) {
  for (const file of files) {
    await fileLine.file(file);
    console.log('shared', file);
  }
}
async function chat(texts) {
  for (const text of texts) {
    await delay(90);
    await line.say(text);
  }
}

await Promise.all([shareFiles(['a.pdf', 'b.pdf', 'c.pdf']), chat(['hi', 'there', 'well'])]);
line.hangUp();
fileLine.hangUp();
peer.close();
