// Hands on what another server sends; that one breaks off in the middle.
import { createServer, get } from 'node:http';
import { once } from 'node:events';

const listen = async (server) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
};
const store = createServer((request, response) => {
  response.writeHead(200, { 'content-length': 1000 });
  response.write('x'.repeat(100));
  setTimeout(() => response.destroy(), 50);
});
const storePort = await listen(store);
const proxy = createServer((request, response) => {
  get({ port: storePort, path: request.url, agent: false }, (answer) => {
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
});
const port = await listen(proxy);
async function read(path) {
  const [answer] = await once(get({ port, path, agent: false }), 'response');
  let bytes = 0;
  for await (const chunk of answer) bytes += chunk.length;
  return bytes;
}
console.log(await read('/picture').catch((error) => error.code));
proxy.close();
store.close();
