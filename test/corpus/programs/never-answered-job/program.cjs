// Waits for a job that nobody finishes, and the client waits for the answer.
const { createServer } = require('node:http');
const { once } = require('node:events');

const jobs = new Map();
const finished = (id) => new Promise((resolve) => jobs.set(id, resolve));

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'text/plain');
  const result = await finished(request.url);
  response.end(result);
});

async function main() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  try {
    await fetch(`http://127.0.0.1:${port}/job/7`, { signal: AbortSignal.timeout(500) });
  } catch (error) {
    console.log(error.name);
  }
  server.close();
}
main();
