// Without a time limit the client waits for ever.
import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';

function sendPage(response: ServerResponse, page: number): void {
  response.setHeader('x-page', String(page));
  if (page > 2) return;
  response.end(`page ${page}`);
}

const server = createServer((request, response) => {
  sendPage(response, Number(request.url!.slice('/page/'.length)));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as { port: number };
for (let page = 1; page < 4; page++) {
  const answer = await fetch(`http://127.0.0.1:${port}/page/${page}`);
  console.log(await answer.text());
}
server.close();
