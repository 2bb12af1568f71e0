// A server of an archive with a time limit for each answer.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const shelves = { maps: 12, letters: 3 };

function limitTime(response, ms) {
  const timer = setTimeout(() => {
    response.writeHead(504).end('the archive is slow today');
  }, ms);
  response.on('close', () => clearTimeout(timer));
}

async function countSheets(shelf) {
  let sheets = 0;
  for (let box = 0; box < shelves[shelf]; box++) {
    await delay(12);
    sheets += 40;
  }
  return sheets;
}

async function answer(request, response) {
  limitTime(response, 90);
  const sheets = await countSheets(request.url.slice(1));
  if (response.headersSent) return;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ sheets }));
}

const server = createServer(answer).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
for (const shelf of ['letters', 'maps']) {
  const response = await fetch(`http://127.0.0.1:${port}/${shelf}`);
  console.log(shelf, response.status, await response.text());
}
await delay(150);
server.close();
server.closeAllConnections();
