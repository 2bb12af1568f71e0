// Follows redirects; the body of each is left where it is.
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

const server = createServer((req, res) => {
  if (req.url === '/new') return void res.end('moved here');
  res.statusCode = 302;
  res.setHeader('location', '/new');
  res.end('<p>This page has moved.</p>'.repeat(20_000));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

class Browser {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  async load(path: string): Promise<string> {
    const response = await this.#open(path);
    const { location } = response.headers;
    if (location !== undefined) return this.load(location);
    let text = '';
    for await (const chunk of response) text += chunk;
    return text;
  }

  #open(path: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent: this.#agent }, resolve).on('error', reject);
    });
  }
}

console.log(await new Browser().load('/old'));
server.close();
server.closeAllConnections();
