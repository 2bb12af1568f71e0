// A backup is read slowly, by an agent that the program derives from Node's; pings go the same way.
import { Agent, createServer, get } from 'node:http';
import { once } from 'node:events';

const server = createServer((req, res) => {
  res.end(req.url === '/backup' ? Buffer.alloc(4_000_000) : 'pong');
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();

class CountingAgent extends Agent {
  made = 0;
  createConnection(...args) {
    this.made++;
    return super.createConnection(...args);
  }
}
const shared = new CountingAgent({ keepAlive: true, maxSockets: 1 });

const open = (path) =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: shared }, resolve).on('error', reject);
  });

async function saveBackup() {
  const response = await open('/backup');
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return bytes;
}

async function ping(i) {
  const response = await open('/ping');
  response.resume();
  console.log('pong', i);
}

const backup = saveBackup();
await new Promise((resolve) => setTimeout(resolve, 50));
await Promise.all([1, 2, 3].map(ping));
console.log(await backup, shared.made > 0);
shared.destroy();
server.close();
