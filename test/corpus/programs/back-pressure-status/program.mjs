// The state of a service, by the status of its page.
import { createServer, get } from 'node:http';
import { once } from 'node:events';

const server = createServer((request, response) => response.end('page '.repeat(50_000)));
server.listen(0, '127.0.0.1');
await once(server, 'listening');

function statusOf(port) {
  return new Promise((resolve, reject) => {
    const request = get({ port, host: '127.0.0.1' }, (response) => {
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
  });
}

console.log(await statusOf(server.address().port));
server.close();
