// Asks a stub of the price service what an apple costs.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';

async function startStub(prices: Record<string, number>): Promise<Server> {
  const stub = createServer((request, response) => {
    response.end(String(prices[request.url!.slice(1)] ?? 'none'));
  });
  stub.listen(0, '127.0.0.1');
  await once(stub, 'listening');
  return stub;
}

const stub = await startStub({ apple: 3, pear: 4 });
const { port } = stub.address() as { port: number };
const answer = await fetch(`http://127.0.0.1:${port}/apple`, { headers: { connection: 'close' } });
console.log('an apple costs', await answer.text());
stub.close();
