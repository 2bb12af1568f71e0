// Long polling: a client that has waited long enough asks again.
import http from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const waiting = new Set();
const news = [];

const server = http.createServer((request, response) => {
  if (news.length > 0) {
    response.end(news.shift());
    return;
  }
  waiting.add(response);
  response.on('close', () => waiting.delete(response));
});

function publish(text) {
  const [response] = waiting;
  if (response === undefined) news.push(text);
  else response.end(text);
}

function poll(port, patience) {
  return new Promise((resolve) => {
    const request = http.get({ port, host: '127.0.0.1', path: '/news' }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    });
    request.on('error', () => resolve(null));
    setTimeout(() => request.destroy(), patience).unref();
  });
}

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const sending = (async () => {
  await sleep(350);
  publish('rain');
})();
let got = null;
while (got === null) {
  got = await poll(port, 100);
  console.log(got ?? 'nothing yet');
}
await sending;
server.close();
