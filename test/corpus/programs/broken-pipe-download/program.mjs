// A server of files, and somebody who asks for one that was removed.
import { createServer, get } from 'node:http';
import { createReadStream } from 'node:fs';
import { once } from 'node:events';

const folder = new URL('.', import.meta.url).pathname;
const server = createServer((request, response) => {
  const file = createReadStream(`${folder}files${request.url}`);
  file.on('error', (error) => console.error('cannot send:', error.code));
  file.pipe(response);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
get({ port: server.address().port, path: '/prices.csv', agent: false }, (answer) => answer.resume());
