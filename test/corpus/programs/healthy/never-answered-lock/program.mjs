// A page waits for a lock that an earlier one never gave back; the client has a limit of time.
import http from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const queue = [];
let isTaken = false;
const take = () =>
  new Promise((resolve) => {
    if (isTaken) queue.push(resolve);
    else {
      isTaken = true;
      resolve();
    }
  });
const give = () => {
  isTaken = queue.length > 0;
  queue.shift()?.();
};

const server = http.createServer(async (request, response) => {
  await take();
  await sleep(10);
  if (request.url === '/none') {
    response.writeHead(404).end();
    give();
    return;
  }
  response.end('page');
  give();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;
for (const path of ['/a', '/none', '/b']) {
  try {
    const answer = await fetch(base + path, { signal: AbortSignal.timeout(400) });
    console.log(path, answer.status, await answer.text());
  } catch (error) {
    console.log(path, error.name);
  }
}
server.close();
server.closeAllConnections();
