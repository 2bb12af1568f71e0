// Positions of a fleet go to every map that is open; one of them draws slowly.
const { WebSocket, WebSocketServer } = require('ws');

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
const fleet = Array.from({ length: 2000 }, (_, id) => ({ id, note: 'x'.repeat(60) }));

function broadcast(data) {
  server.clients.forEach((client) => {
    if (client.bufferedAmount < 1_000_000) client.send(data);
  });
}

server.on('listening', () => {
  const address = `ws://127.0.0.1:${server.address().port}`;
  let drawn = 0;
  const slow = new WebSocket(address);
  slow.on('message', () => {
    drawn++;
    slow.pause();
    setTimeout(() => slow.resume(), 100);
  });
  slow.on('open', () => {
    const timer = setInterval(() => broadcast(JSON.stringify(fleet.map((car) => ({ ...car, at: Date.now() })))), 15);
    setTimeout(() => {
      clearInterval(timer);
      console.log('drawn', drawn > 3);
      slow.terminate();
      server.close();
      for (const client of server.clients) client.terminate();
    }, 3000);
  });
});
