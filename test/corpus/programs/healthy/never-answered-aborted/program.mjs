// Two replicas are asked, the second one a little later; the slower one is told to stop.
import http from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

async function start(name, delays) {
  const server = http.createServer(async (request, response) => {
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    try {
      await sleep(delays.shift() ?? 10, undefined, { signal: leaving.signal });
      response.end(name);
    } catch {
      console.log(name, 'stops', request.url);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function ask(servers, path) {
  const leaving = new AbortController();
  const { signal } = leaving;
  const one = async (server, i) => {
    await sleep(i * 60, undefined, { signal });
    const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { signal });
    return answer.text();
  };
  try {
    return await Promise.any(servers.map(one));
  } finally {
    leaving.abort();
  }
}

const servers = await Promise.all([start('near', [10, 2000, 10]), start('far', [20, 20])]);
for (const path of ['/a', '/b', '/c']) console.log(path, await ask(servers, path));
await sleep(50);
for (const server of servers) {
  server.close();
  server.closeAllConnections();
}
