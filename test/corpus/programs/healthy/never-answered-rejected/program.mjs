// A server whose handler looks something up that may be missing.
import { createServer, get } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const names = new Map([[1, 'Ann'], [2, 'Bert']]);
process.on('unhandledRejection', (error) => console.error('error:', error.message));

async function nameOf(id) {
  await sleep(10);
  if (!names.has(id)) throw new Error(`nobody has number ${id}`);
  return names.get(id);
}

async function answer(request, response) {
  const id = Number(request.url.slice(1));
  try {
    response.end(await nameOf(id));
  } catch (error) {
    response.writeHead(404).end(error.message);
  }
}

const server = createServer(answer).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
for (const id of [1, 2, 3]) {
  const [response] = await once(get({ port, path: `/${id}`, agent: false }), 'response');
  response.resume();
  await once(response, 'end');
}
server.close();
