// A chart is sent point by point, in bursts, to whoever opens it.
import { WebSocket, WebSocketServer } from 'ws';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
await once(server, 'listening');
let got = 0;
const chart = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
chart.on('message', () => got++);
await once(chart, 'open');
for (let burst = 0; burst < 4; burst++) {
  for (const client of server.clients) for (let i = 0; i < 500; i++) client.send('x'.repeat(20_000));
  await sleep(500);
}
console.log('points', got);
chart.close();
server.close();
