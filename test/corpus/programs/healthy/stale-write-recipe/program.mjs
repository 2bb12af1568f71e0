// A recipe is saved while it is typed; a long text takes the server longer than a short one.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const recipes = new Map();
const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    setTimeout(() => {
      recipes.set(request.url, text);
      response.writeHead(204).end();
    }, text.length * 3);
  });
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = `http://127.0.0.1:${server.address().port}/soup`;

let saving = Promise.resolve();
async function save(text) {
  await saving;
  const { ok } = await fetch(address, { method: 'PUT', body: text });
  if (!ok) throw new Error('the recipe was not saved');
}

const first = (saving = save('Onions, leeks, a little thyme, bread and a lot of cheese.'));
await delay(30);
saving = save('No soup today.');
await Promise.all([first, saving]);
console.log(recipes.get('/soup'));
server.close();
server.closeAllConnections();
