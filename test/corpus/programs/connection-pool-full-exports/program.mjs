// Waits for two exports by long polls, and asks for the state of the shop meanwhile.
import { createServer, request, Agent } from 'node:http';
import { once } from 'node:events';

const server = createServer((req, res) => {
  const isLong = req.url.startsWith('/exports/');
  setTimeout(() => res.end(JSON.stringify({ path: req.url })), isLong ? 800 : 3);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const connections = new Agent({ keepAlive: true, maxSockets: 2 });

async function ask(path) {
  const req = request({ host: '127.0.0.1', port: server.address().port, path, agent: connections });
  req.end();
  const [res] = await once(req, 'response');
  let text = '';
  for await (const chunk of res) text += chunk;
  return JSON.parse(text);
}

async function awaitExport(id) {
  const done = await ask(`/exports/${id}`);
  console.log('export', done.path);
}

async function showState(shop) {
  const state = await ask(`/shops/${shop}`);
  console.log('state', state.path);
}

const exports = [1, 2].map(awaitExport);
await new Promise((resolve) => setTimeout(resolve, 50));
await Promise.all(['north', 'south', 'west'].map(showState));
await Promise.all(exports);
connections.destroy();
server.close();
