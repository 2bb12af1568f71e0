// As before, and a map that draws slowly gets fewer positions.
const { WebSocket, WebSocketServer } = require('ws');
const { createBounded } = require('./bounded.cjs');

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
const fleet = Array.from({ length: 2000 }, (_, id) => ({ id, note: 'x'.repeat(60) }));

server.on('listening', () => {
  const address = `ws://127.0.0.1:${server.address().port}`;
  const slow = new WebSocket(address);
  slow.on('message', () => {
    slow.pause();
    setTimeout(() => slow.resume(), 60);
  });
  slow.on('open', () => {
    const isFree = createBounded(3_000_000);
    const timer = setInterval(() => {
      const data = JSON.stringify(fleet.map((car) => ({ ...car, at: Date.now() })));
      for (const client of server.clients) if (isFree(client)) client.send(data);
    }, 15);
    setTimeout(() => {
      clearInterval(timer);
      slow.terminate();
      server.close();
      for (const client of server.clients) client.terminate();
      console.log('over');
    }, 5000);
  });
});
