// Uploads go through a check before they are read.
import http from 'node:http';
import { PassThrough, pipeline } from 'node:stream';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const server = http.createServer((request, response) => {
  upload(request, response).catch((error) => console.log('failed', error.message));
});

async function upload(request, response) {
  await sleep(50);
  const body = new PassThrough();
  pipeline(request, body, (error) => {
    if (error) server.close();
  });
  let size = 0;
  for await (const chunk of body) size += chunk.length;
  console.log('stored', size);
  response.end('stored');
}

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const request = http.request({ port: server.address().port, method: 'POST', host: '127.0.0.1' });
request.on('error', () => {});
request.write(Buffer.alloc(20_000));
setTimeout(() => request.destroy(), 100);
